/** Ordered reading: ranges over sequences and over keys, and the cursors that walk them. */
@NullMarked
package io.millrace.api.range;

import org.jspecify.annotations.NullMarked;
