package io.millrace.spi;

/** Makes views of one type; the name is the {@code type} of the definitions that it understands. */
public interface ViewProvider extends Provider {
  /**
   * Opens the module for one database. Nothing is kept in the folder of {@code context}: views live
   * in the store.
   */
  ViewFactory open(Settings settings, ModuleContext context);
}
