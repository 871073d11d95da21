/**
 * Reductions of ranges and groups of rows, with partial reductions kept in a tree over the rows, so
 * that reducing a range reads a number of rows and nodes that grows with the logarithm of the
 * range. What is kept is described byte by byte in {@code docs/formats/reductions.md}.
 *
 * <p>Here live the tree, the reductions that are built in, and reading by ranges and groups.
 * Reductions that need an engine of their own live with it and implement {@link
 * io.millrace.view.index.reduce.Reducer}.
 */
@NullMarked
package io.millrace.view.index.reduce;

import org.jspecify.annotations.NullMarked;
