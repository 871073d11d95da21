package io.millrace.spi;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;

/**
 * What a module is given when it is opened.
 *
 * @param folder the module's own folder; its parent exists, the folder itself may not
 * @param clock the only clock to use
 * @param random the only source of randomness to use; safe for use by many threads
 * @param meters where to count and measure
 * @param stores the stores that were found, for a log that is kept in one
 * @param folds the folds that were found, for views that run them
 */
public record ModuleContext(
    Path folder,
    Clock clock,
    RandomGenerator random,
    Meters meters,
    Modules<StoreProvider> stores,
    Modules<FoldProvider> folds) {
  public ModuleContext {
    Objects.requireNonNull(folder);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(random);
    Objects.requireNonNull(meters);
    Objects.requireNonNull(stores);
    Objects.requireNonNull(folds);
  }

  /** For a log. */
  public ModuleContext(
      Path folder,
      Clock clock,
      RandomGenerator random,
      Meters meters,
      Modules<StoreProvider> stores) {
    this(folder, clock, random, meters, stores, Modules.of("fold", List.of()));
  }

  /** For a module that needs no other. */
  public ModuleContext(Path folder, Clock clock, RandomGenerator random, Meters meters) {
    this(folder, clock, random, meters, Modules.of("store", List.of()));
  }
}
