package io.millrace.spi;

import io.millrace.api.store.Store;

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
}
