/**
 * The database itself, opened with {@link io.millrace.engine.Millrace}: puts log, store, index,
 * writer and views together and answers reads.
 *
 * <p>No HTTP, and no module by name other than as a default.
 */
@NullMarked
package io.millrace.engine;

import org.jspecify.annotations.NullMarked;
