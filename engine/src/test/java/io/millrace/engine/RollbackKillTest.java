package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Document;
import io.millrace.api.document.Edit;
import io.millrace.api.log.Log;
import io.millrace.api.store.Store;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import io.millrace.tck.Thoroughness;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed amid a rollback, at moments that are chosen or at any. Its store keeps
 * whatever was written to it, so that nothing hides what was written too early.
 */
@ExtendWith(NothingLeftBehind.class)
class RollbackKillTest {
  private static final String B = "films";
  private static final int DOCUMENTS = 9_000;
  private static final int DROPPED = 300;

  /** The rollback changes those that were updated or deleted, and those that were made. */
  private static final int CHANGES = DOCUMENTS + DROPPED;

  /** Planning reads rows in portions; the log is halfway; the store is before or after a write. */
  private static final List<String> BEFORE_DURABLE = List.of("getAll 20", "append 1");

  private static final List<String> AFTER_DURABLE = List.of("wrote 2", "write 4", "wrote 4");
  private static final List<String> MORE =
      List.of("write 1", "wrote 1", "write 2", "write 3", "wrote 3");

  @TempDir Path temporary;

  private Path prepared() {
    return temporary.resolve("prepared");
  }

  private Path data() {
    return temporary.resolve("data");
  }

  private static MillraceBuilder builder(Path folder) {
    return Millrace.in(folder).store("rocksdb", Map.of("wal", "true"));
  }

  private static Map<String, String> state(Database database) {
    Map<String, String> state = new TreeMap<>();
    for (Document document : Use.all(database.bucket(B).documents(DocumentRange.all()))) {
      state.put(document.id(), document.body().toString());
    }
    assertThat(database.bucket(B).info().orElseThrow().documents()).isEqualTo(state.size());
    return state;
  }

  /** What a rollback begins with, and what it ends with. */
  private record Prepared(long to, long since, Map<String, String> then, Map<String, String> now) {}

  private Prepared prepare() {
    try (Database database = builder(prepared()).open()) {
      done(database, put("other", "x", "{}"));
      long to = fill(database, DOCUMENTS, "{\"n\":1}");
      Map<String, String> then = state(database);
      fill(database, DOCUMENTS, "{\"n\":2}");
      for (int i = 0; i < DROPPED; i++) {
        done(database, delete(B, id(i)), put(B, "made" + i, "{\"n\":2}"));
      }
      return new Prepared(to, database.since().value(), then, state(database));
    }
  }

  /** Not in the order of the sequences, so that no order is right by chance. */
  private static String id(int i) {
    return String.format("d%06d", i * 7_919L % DOCUMENTS);
  }

  private static long fill(Database database, int documents, String json) {
    long last = 0;
    for (int at = 0; at < documents; at += 1_000) {
      List<Edit> edits = new ArrayList<>();
      for (int i = at; i < at + 1_000; i++) {
        edits.add(put(B, id(i), json));
      }
      last = done(database, edits.toArray(new Edit[0])).sequence();
    }
    return last;
  }

  @Test
  void allOfARollbackOrNothingIsThereAfterAKill() throws Exception {
    Prepared prepared = prepare();
    for (String moment : BEFORE_DURABLE) {
      assertThat(runAndKill(prepared, moment, 0)).as(moment).isTrue();
      assertThat(outcome(prepared, moment)).as(moment).isFalse();
    }
    List<String> after = new ArrayList<>(AFTER_DURABLE);
    after.addAll(MORE.subList(0, Thoroughness.times(0, MORE.size())));
    for (String moment : after) {
      assertThat(runAndKill(prepared, moment, 0)).as(moment).isTrue();
      if (moment.startsWith("wrote")) {
        // What is there in part is no damage.
        Folders.requireClean(data());
      }
      assertThat(outcome(prepared, moment)).as(moment).isTrue();
    }
    Seed seed = Seed.next();
    Random random = seed.random();
    for (int i = 0; i < Thoroughness.times(0, 30); i++) {
      long millis = random.nextInt(700);
      String when = seed + ", after " + millis + " ms";
      runAndKill(prepared, "never", millis);
      outcome(prepared, when);
    }
  }

  /**
   * Opens what the child left.
   *
   * @return whether the rollback happened
   */
  private boolean outcome(Prepared prepared, String when) {
    boolean happened;
    try (Database database = builder(data()).open()) {
      long since = database.since().value();
      happened = since != prepared.since();
      assertThat(since).as(when).isEqualTo(prepared.since() + (happened ? CHANGES : 0));
      assertThat(state(database)).as(when).isEqualTo(happened ? prepared.then() : prepared.now());
      assertThat(database.verify(1, since, null).ok()).as(when).isTrue();
    }
    assertThat(Folders.below(data()))
        .as(when)
        .noneMatch(file -> file.getFileName().toString().startsWith("rollback."));
    Folders.requireClean(data());
    try (Database database = builder(data()).open()) {
      await(database.rollback(B, happened ? prepared.since() : prepared.to(), NOBODY));
      assertThat(state(database)).as(when).isEqualTo(happened ? prepared.now() : prepared.then());
    }
    return happened;
  }

  /**
   * Has a child roll back a copy of what was prepared, and kills it.
   *
   * @param millis when to kill it, counted from the beginning, if it does not come to the moment
   * @return whether it came to the moment
   */
  private boolean runAndKill(Prepared prepared, String moment, long millis) throws Exception {
    if (Files.exists(data())) {
      Folders.remove(data());
    }
    Folders.copy(prepared(), data());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    Path temporaryFiles = Files.createDirectories(temporary.resolve("tmp"));
    command.add("-Djava.io.tmpdir=" + temporaryFiles);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Rolling.class.getName(), data().toString(), "" + prepared.to(), moment));
    Path errors = temporary.resolve("errors.txt");
    Process child = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).as("%s", Files.readString(errors)).isEqualTo("begin");
      if (moment.equals("never")) {
        LockSupport.parkNanos(millis * 1_000_000);
        return false;
      }
      return "there".equals(out.readLine());
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  /** The child: rolls back, and comes to a moment at which it says so and stands still. */
  static final class Rolling {
    private static final OutputStream OUT = new FileOutputStream(FileDescriptor.out);

    private final String moment;
    private final Map<String, AtomicInteger> counts = new TreeMap<>();
    private volatile boolean begun;

    private Rolling(String moment) {
      this.moment = moment;
    }

    private static void say(String line) {
      try {
        OUT.write((line + "\n").getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The process. */
    public static void main(String[] arguments) {
      Rolling child = new Rolling(arguments[2]);
      LogProvider log = module("log", LogProvider.class, "file");
      StoreProvider store = module("store", StoreProvider.class, "rocksdb");
      MillraceBuilder builder =
          builder(Path.of(arguments[0]))
              .modules(
                  Modules.of("log", List.of(child.watching(LogProvider.class, log))),
                  Modules.of("store", List.of(child.watching(StoreProvider.class, store))),
                  Modules.of("view", List.<ViewProvider>of()));
      try (Database database = builder.open()) {
        child.begun = true;
        say("begin");
        await(database.rollback(B, Long.parseLong(arguments[1]), NOBODY));
        say("done");
      }
    }

    private static <P extends Provider> P module(String kind, Class<P> type, String name) {
      return Modules.find(kind, type, Rolling.class.getClassLoader()).named(name);
    }

    /** Passes everything on to {@code real}, and opens what is watched in the same way. */
    private <T> T watching(Class<T> type, T real) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                String name = method.getName();
                if (real instanceof Store) {
                  reach(name);
                }
                if (real instanceof Log && name.equals("append")) {
                  arguments[0] = new Records(list(arguments[0]));
                }
                Object result;
                try {
                  result = method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
                if (real instanceof Store && name.equals("write")) {
                  reach("wrote");
                }
                return result instanceof Log log
                    ? watching(Log.class, log)
                    : result instanceof Store store ? watching(Store.class, store) : result;
              }));
    }

    @SuppressWarnings("unchecked")
    private static List<byte[]> list(Object records) {
      return (List<byte[]>) records;
    }

    private void reach(String place) {
      if (begun && isMoment(place)) {
        if (place.equals("append")) {
          // Time for what must not be done before the log has everything.
          LockSupport.parkNanos(300_000_000);
        }
        say("there");
        while (true) {
          LockSupport.park();
        }
      }
    }

    private synchronized boolean isMoment(String place) {
      int times = counts.computeIfAbsent(place, key -> new AtomicInteger()).incrementAndGet();
      return moment.equals(place + " " + times);
    }

    /** Records that are asked for twice: for their lengths, then to be written. */
    private final class Records extends AbstractList<byte[]> {
      private final List<byte[]> records;
      private int passes;

      Records(List<byte[]> records) {
        this.records = records;
      }

      @Override
      public byte[] get(int index) {
        if (index == records.size() * 3 / 4 && ++passes == 2) {
          reach("append");
        }
        return records.get(index);
      }

      @Override
      public int size() {
        return records.size();
      }
    }
  }
}
