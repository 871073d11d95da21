/**
 * The engine's use of the log: records in and out, the commit that a change belongs to, and opening
 * the log again after it failed.
 */
@NullMarked
package io.millrace.engine.log;

import org.jspecify.annotations.NullMarked;
