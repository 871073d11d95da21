/**
 * Documents in a local store that clients read and write offline, and sync with a server, which
 * wins. Knows the contracts alone: any store, and any {@link io.millrace.api.sync.SyncServer}.
 */
@NullMarked
package io.millrace.sync;

import org.jspecify.annotations.NullMarked;
