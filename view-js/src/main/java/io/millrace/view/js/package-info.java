/**
 * Views written in JavaScript: a map function that returns one value for a document, or emits rows.
 *
 * <p>Here lives what a map function is given and what is made of its results. The sandbox that it
 * runs in, with its limits and threads, is that of {@code io.millrace.view.script}; the rows
 * themselves are kept by {@code io.millrace.view.index}. Nothing here reads or writes keys of its
 * own.
 */
@NullMarked
package io.millrace.view.js;

import org.jspecify.annotations.NullMarked;
