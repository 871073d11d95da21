/**
 * Views of the type {@code query}: indexes that their definition declares, and a language of stages
 * that filter, map, reduce and sort what is found through them. The language is described for
 * readers in {@code docs/views/query.md}.
 *
 * <p>Here live the stages, the choice of an index, and reading; filters are those of {@code
 * io.millrace.view.index.filter}, and rows are kept by {@code io.millrace.view.index}: nothing here
 * reads or writes keys of its own.
 */
@NullMarked
package io.millrace.view.query;

import org.jspecify.annotations.NullMarked;
