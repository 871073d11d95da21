/**
 * The store on RocksDB. The only place where that library's types appear; nothing here knows what
 * the rows mean.
 */
@NullMarked
package io.millrace.backend.rocksdb;

import org.jspecify.annotations.NullMarked;
