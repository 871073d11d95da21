package io.millrace.log.store;

import io.millrace.spi.Meters;
import java.util.function.DoubleSupplier;

/** Meters whose names begin with {@code prefix}, to tell this store from the index's. */
record PrefixedMeters(String prefix, Meters meters) implements Meters {
  @Override
  public Counter counter(String name, String description) {
    return meters.counter(prefix + name, description);
  }

  @Override
  public Distribution distribution(String name, String unit, String description) {
    return meters.distribution(prefix + name, unit, description);
  }

  @Override
  public Distribution timer(String name, String description) {
    return meters.timer(prefix + name, description);
  }

  @Override
  public void gauge(String name, String unit, String description, DoubleSupplier value) {
    meters.gauge(prefix + name, unit, description, value);
  }
}
