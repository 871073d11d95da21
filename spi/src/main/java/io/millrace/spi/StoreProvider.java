package io.millrace.spi;

import io.millrace.api.store.Store;
import java.util.Map;

/** Makes stores of one kind. */
public interface StoreProvider extends Provider {
  /**
   * Opens the store in the folder of {@code context}, made if nothing is there, recovered if the
   * last user of it crashed.
   *
   * @throws io.millrace.api.error.CorruptionException when what is stored is damaged
   * @throws io.millrace.api.error.UnsupportedException when it was written in a format that this
   *     module does not know
   */
  Store open(Settings settings, ModuleContext context);

  /**
   * What some of the {@linkplain #settings() settings} must be, as texts, when a log is kept in the
   * store, whatever the operator would like: then {@link Store#flush()} is called after every few
   * batches and has to be quick, and what was written has to outlive the process.
   */
  default Map<String, String> logSettings() {
    return Map.of();
  }
}
