package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.engine.Millrace;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** The raw index of a data folder that no server holds. */
final class IndexContent {
  private static final List<String> KEYSPACES =
      List.of("documents", "history", "activity", "latest", "meta");

  private IndexContent() {}

  /** Checks that the index in {@code data} is, byte by byte, what its log alone makes of it. */
  static void assertEqualsRebuild(Path data, Path scratch) throws IOException {
    copy(data, scratch, data.resolve("store"));
    try (Database rebuilt = Millrace.open(scratch)) {
      assertThat(rebuilt.since().value()).isPositive();
    }
    assertThat(rows(data)).isEqualTo(rows(scratch));
  }

  private static Map<String, String> rows(Path data) {
    StoreProvider provider =
        Modules.find("store", StoreProvider.class, IndexContent.class.getClassLoader())
            .named("rocksdb");
    ModuleContext context =
        new ModuleContext(
            data.resolve("store"), Clock.systemUTC(), RandomGenerator.getDefault(), Meters.none());
    Map<String, String> rows = new TreeMap<>();
    HexFormat hex = HexFormat.of();
    try (Store store = provider.open(Settings.defaults(provider.settings()), context)) {
      for (String keyspace : KEYSPACES) {
        try (StoreCursor cursor = store.range(store.keyspace(keyspace), KeyRange.all())) {
          while (cursor.advance()) {
            rows.put(keyspace + " " + hex.formatHex(cursor.key()), hex.formatHex(cursor.value()));
          }
        }
      }
    }
    return rows;
  }

  private static void copy(Path from, Path to, Path without) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(path -> !path.startsWith(without)).toList()) {
        Path target = to.resolve(from.relativize(file));
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
