/**
 * Filters: rules about JSON values, as {@code $filter} and {@code where} write them, and what a
 * filter says about the value at a path, so that an index can be used for it.
 *
 * <p>Nothing here reads a store or knows what a document is beyond its JSON. The rules are
 * described for readers in {@code docs/views/query.md}.
 */
@NullMarked
package io.millrace.view.index.filter;

import org.jspecify.annotations.NullMarked;
