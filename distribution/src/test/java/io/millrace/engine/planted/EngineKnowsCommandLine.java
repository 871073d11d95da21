package io.millrace.engine.planted;

import io.millrace.cli.Main;

/** The command line uses the engine, not the other way round. */
final class EngineKnowsCommandLine {
  void check(String folder) {
    Main.main("check", folder);
  }
}
