package io.millrace.api.view;

import io.millrace.api.document.Change;
import java.util.List;

/**
 * What a view is given at a time.
 *
 * @param changes in sequence order, each with its body; with {@link ViewInput#DOCUMENTS} the winner
 *     of each document, each document at most once
 * @param fresh whether it is certain that none of these documents was given to this view before, so
 *     that there are no old rows to look for
 */
public record ViewBatch(List<Change> changes, boolean fresh) {}
