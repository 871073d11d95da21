/**
 * Views written in JavaScript: a map function that returns one value for a document, or emits rows.
 *
 * <p>Here lives the sandbox that the functions run in, with its limits, and the threads that run
 * it. The rows themselves are kept by {@code io.millrace.view.index}; nothing here reads or writes
 * keys of its own.
 */
@NullMarked
package io.millrace.view.js;

import org.jspecify.annotations.NullMarked;
