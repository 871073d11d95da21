package io.millrace.backend.leveldb;

import io.millrace.backend.flat.FlatReader;
import io.millrace.backend.flat.FlatWalk;
import java.nio.file.Path;
import org.iq80.leveldb.DB;
import org.iq80.leveldb.DBException;
import org.iq80.leveldb.ReadOptions;
import org.jspecify.annotations.Nullable;

/** The reads of one state of the database: of the newest, or of a snapshot. */
final class LeveldbReader implements FlatReader {
  private final DB database;
  private final ReadOptions options;
  private final Path folder;

  LeveldbReader(DB database, ReadOptions options, Path folder) {
    this.database = database;
    this.options = options;
    this.folder = folder;
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    try {
      return database.get(key, options);
    } catch (DBException e) {
      throw Failures.of("reading a key", folder, e);
    }
  }

  @Override
  public FlatWalk walk(byte[] from, byte[] to, boolean reverse) {
    return new LeveldbWalk(database.iterator(options), from, to, reverse, folder);
  }
}
