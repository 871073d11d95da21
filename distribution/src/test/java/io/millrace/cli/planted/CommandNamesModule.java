package io.millrace.cli.planted;

import io.millrace.backend.memory.MemoryStoreProvider;

/** Which store it is the operator says. */
final class CommandNamesModule {
  final MemoryStoreProvider provider = new MemoryStoreProvider();
}
