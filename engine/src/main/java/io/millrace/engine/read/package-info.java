/**
 * Reading documents and activity: index, then log.
 *
 * <p>Nothing here writes.
 */
@NullMarked
package io.millrace.engine.read;

import org.jspecify.annotations.NullMarked;
