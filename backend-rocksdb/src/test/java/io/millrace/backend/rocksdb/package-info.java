/** Tests of the RocksDB store beyond the contract: settings, damage, locks, a failing disk. */
@NullMarked
package io.millrace.backend.rocksdb;

import org.jspecify.annotations.NullMarked;
