/** Tests of the LevelDB store: its contract, settings, damage, torn ends, locks, no library. */
@NullMarked
package io.millrace.backend.leveldb;

import org.jspecify.annotations.NullMarked;
