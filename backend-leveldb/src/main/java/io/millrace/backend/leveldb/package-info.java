/**
 * The store on LevelDB, through JNI. The only place where that library's types appear; keyspaces
 * and the guard against use after close are {@code io.millrace.backend.flat}'s.
 */
@NullMarked
package io.millrace.backend.leveldb;

import org.jspecify.annotations.NullMarked;
