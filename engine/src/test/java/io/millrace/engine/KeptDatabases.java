package io.millrace.engine;

import io.millrace.api.Database;
import io.millrace.engine.replication.Replica;
import java.nio.file.Path;

/** Databases that outlive their closing, for tests of other packages. */
public final class KeptDatabases {
  private KeptDatabases() {}

  /** Opens the one of {@code folder}. */
  public static Database open(Path folder) {
    return Use.kept(folder).open();
  }

  /** What replication sees of it. */
  public static Replica replica(Database database) {
    return Pulled.replica(database);
  }
}
