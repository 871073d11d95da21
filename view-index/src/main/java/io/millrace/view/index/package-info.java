/**
 * The row index: ordered rows of documents in one keyspace, for views to build on. What it keeps is
 * described byte by byte in {@code docs/formats/row-keys.md}.
 *
 * <p>Here live the order over JSON values, the layout of the keyspace, and reading rows by range.
 * What the rows of a document are is the business of the view; nothing here computes them, and
 * nothing here runs on a thread of its own.
 */
@NullMarked
package io.millrace.view.index;

import org.jspecify.annotations.NullMarked;
