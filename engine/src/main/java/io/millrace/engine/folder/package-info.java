/**
 * The folder of a database: who holds it, what its manifest says, and how files in it are written,
 * copied and removed.
 *
 * <p>Nothing here knows what is in a log or a store.
 */
@NullMarked
package io.millrace.engine.folder;

import org.jspecify.annotations.NullMarked;
