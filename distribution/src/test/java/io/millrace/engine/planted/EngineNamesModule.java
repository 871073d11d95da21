package io.millrace.engine.planted;

import io.millrace.log.file.FileLogProvider;

/** Modules are found, not named. */
final class EngineNamesModule {
  final FileLogProvider provider = new FileLogProvider();
}
