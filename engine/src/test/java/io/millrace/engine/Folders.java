package io.millrace.engine;

import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Database;
import io.millrace.api.document.Change;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.folder.Manifest;
import io.millrace.engine.maintenance.Check;
import io.millrace.engine.maintenance.CheckReport;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.Workshop;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests do with the folders of databases that nobody holds. */
final class Folders {
  private Folders() {}

  /** A database of many small segments. */
  static MillraceBuilder segmented(Path folder) {
    return Millrace.in(folder).log("file", Map.of("segment-size", "8KiB"));
  }

  static Workshop workshop() {
    return new Workshop(Clock.systemUTC(), new Random())
        .logSettings("file", Map.of("segment-size", "8KiB"));
  }

  static CheckReport check(Path folder) {
    return new Check(workshop(), folder).run();
  }

  static void requireClean(Path folder) {
    CheckReport report = check(folder);
    if (report.outcome() != Outcome.CLEAN) {
      throw new AssertionError(folder + ": " + report.findings());
    }
  }

  /** All records of the log in {@code folder}, read without changing anything. */
  static List<ByteBuffer> records(Path folder) {
    LogProvider module =
        Modules.find("log", LogProvider.class, Folders.class.getClassLoader())
            .named(Manifest.read(folder).log().type());
    List<ByteBuffer> records = new ArrayList<>();
    try (Log log =
            module.openForReading(
                Settings.defaults(module.settings()),
                new ModuleContext(
                    folder.resolve("log"),
                    Clock.systemUTC(),
                    new Random(),
                    Meters.none(),
                    Modules.find("store", StoreProvider.class, Folders.class.getClassLoader())),
                repair -> {});
        LogCursor cursor = log.read(SequenceRange.all())) {
      while (cursor.advance()) {
        byte[] record = new byte[cursor.current().remaining()];
        cursor.current().get(record);
        records.add(ByteBuffer.wrap(record));
      }
    }
    return records;
  }

  /** Everything that readers see, past and present. */
  static List<Object> everything(Database database) {
    Activity activity = database.activity();
    List<Change> changes = Use.changes(activity, SequenceRange.all(), ActivityFilter.none());
    return List.of(database.since().value(), Workload.seen(database), changes);
  }

  /** Every file below {@code folder}, with its bytes. */
  static Map<String, ByteBuffer> files(Path folder) {
    Map<String, ByteBuffer> files = new TreeMap<>();
    for (Path file : below(folder)) {
      if (Files.isRegularFile(file)) {
        try {
          files.put(folder.relativize(file).toString(), ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return files;
  }

  static List<Path> below(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void copy(Path from, Path to) {
    try {
      for (Path path : below(from)) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void remove(Path folder) {
    try {
      for (Path path : below(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
