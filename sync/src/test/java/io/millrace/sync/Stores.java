package io.millrace.sync;

import io.millrace.api.document.Body;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/** What tests do with stores again and again. */
final class Stores {
  private Stores() {}

  static Store open(String type, Path folder) {
    StoreProvider provider =
        Modules.find("store", StoreProvider.class, Stores.class.getClassLoader()).named(type);
    return provider.open(
        Settings.defaults(provider.settings()),
        new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none()));
  }

  static Body text(String value) {
    return Body.parse("{\"text\":\"" + value + "\"}");
  }
}
