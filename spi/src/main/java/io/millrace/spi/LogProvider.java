package io.millrace.spi;

import io.millrace.api.log.Log;

/** Makes logs of one kind. */
public interface LogProvider extends Provider {
  /**
   * Opens the log in the folder of {@code context}, made if nothing is there, recovered if the last
   * user of it crashed.
   *
   * @throws io.millrace.api.error.CorruptionException when what is stored is damaged before its
   *     tail
   * @throws io.millrace.api.error.UnsupportedException when it was written in a format that this
   *     module does not know
   */
  Log open(Settings settings, ModuleContext context);
}
