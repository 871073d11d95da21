/**
 * The way of a write: the bounded queue, the one writer that validates, orders and appends, and
 * recovery, which does to the index what the writer would have done.
 */
@NullMarked
package io.millrace.engine.write;

import org.jspecify.annotations.NullMarked;
