/**
 * Revision trees: which states a document has had, which of them are leaves, and which leaf wins.
 *
 * <p>Pure: no input or output, no clock, no randomness, no threads.
 */
@NullMarked
package io.millrace.engine.revision;

import org.jspecify.annotations.NullMarked;
