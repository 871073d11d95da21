/**
 * The server's side of the sync with clients that work offline: what changed since a client was
 * last there, and the taking of its changes. The clients' side is the module {@code sync}.
 */
@NullMarked
package io.millrace.engine.sync;

import org.jspecify.annotations.NullMarked;
