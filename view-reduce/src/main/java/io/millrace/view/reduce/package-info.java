/**
 * Views that reduce a bucket: a fold over its whole log, and aggregates of groups of its documents
 * that are kept up to date.
 *
 * <p>Here lives what is folded and how groups lie in the keyspace. How JavaScript runs is the
 * business of {@code io.millrace.view.script}; paths, filters and the order of keys are those of
 * {@code io.millrace.view.index}.
 */
@NullMarked
package io.millrace.view.reduce;

import org.jspecify.annotations.NullMarked;
