/**
 * Takes out of the log what is to be forgotten. What is to be forgotten is decided elsewhere: by
 * the writer, in commits.
 */
@NullMarked
package io.millrace.engine.forget;

import org.jspecify.annotations.NullMarked;
