/**
 * What one log record means: the bytes of changes and commits, written down in {@code
 * docs/formats/records.md}.
 *
 * <p>Nothing here reads a log or an index.
 */
@NullMarked
package io.millrace.engine.record;

import org.jspecify.annotations.NullMarked;
