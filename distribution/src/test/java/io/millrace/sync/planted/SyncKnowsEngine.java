package io.millrace.sync.planted;

import io.millrace.engine.Millrace;
import java.nio.file.Path;

/** A client has a store, not a database. */
final class SyncKnowsEngine {
  void open(Path folder) {
    Millrace.open(folder).close();
  }
}
