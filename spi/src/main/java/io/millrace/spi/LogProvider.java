package io.millrace.spi;

import io.millrace.api.log.Log;
import java.util.List;
import java.util.function.Consumer;

/** Makes logs of one kind. */
public interface LogProvider extends Provider {
  /**
   * {@link #settings()}, and for a log that is kept in a store also those of the stores that it
   * could be kept in.
   *
   * @param stores all that were found; the same as {@link ModuleContext#stores()} will be
   */
  default List<Setting<?>> settings(Modules<StoreProvider> stores) {
    return settings();
  }

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

  /**
   * Opens a log that is there, for reading alone: as far as the module can, nothing in the folder
   * is changed, not even what a crash left behind, and no lock is taken; the caller keeps others
   * away. Appends fail. A module that cannot read without mending first mends, as {@link #open}
   * does.
   *
   * @param repairs is told, in words and with the place, of each thing that {@link #open} would
   *     mend; anything that it would refuse is refused here, too
   */
  default Log openForReading(Settings settings, ModuleContext context, Consumer<String> repairs) {
    return open(settings, context);
  }
}
