/**
 * The document index: the keyspaces that are kept in step with the log by the writer, and the
 * buckets that they hold. The keys and values are written down in {@code docs/formats/index.md}.
 *
 * <p>Nothing here appends to the log.
 */
@NullMarked
package io.millrace.engine.index;

import org.jspecify.annotations.NullMarked;
