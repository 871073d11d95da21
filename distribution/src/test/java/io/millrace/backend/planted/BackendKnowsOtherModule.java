package io.millrace.backend.planted;

import io.millrace.log.file.FileLogProvider;

/** Modules do not know each other. */
final class BackendKnowsOtherModule {
  final FileLogProvider other = new FileLogProvider();
}
