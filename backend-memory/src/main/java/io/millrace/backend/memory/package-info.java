/**
 * The log and the store that keep everything in memory and nothing else: for tests, for trials, and
 * as the plainest reading of the contracts. Nothing here touches a file.
 */
@NullMarked
package io.millrace.backend.memory;

import org.jspecify.annotations.NullMarked;
