package io.millrace.api.view;

import io.millrace.api.document.Change;
import java.util.List;

/**
 * What a view is given at a time.
 *
 * @param changes in sequence order, each with its body; with {@link ViewInput#DOCUMENTS} the winner
 *     of each document, each document at most once
 * @param fresh whether it is certain that the view has never been given any of these documents,
 *     neither in an earlier batch nor twice in this one, so that there are no old rows to look for.
 *     When it is not, they may still all be new: the engine says so for the first reading of what
 *     was there when the view began, and never with {@link ViewInput#CHANGES}
 */
public record ViewBatch(List<Change> changes, boolean fresh) {}
