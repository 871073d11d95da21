package io.millrace.engine.planted;

import io.millrace.sync.SyncMode;

/** The server does not know its clients. */
final class EngineKnowsSync {
  final SyncMode mode = SyncMode.CLIENT;
}
