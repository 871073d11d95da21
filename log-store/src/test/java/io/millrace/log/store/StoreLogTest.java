package io.millrace.log.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.backend.memory.MemoryStoreProvider;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.ModuleNotFoundException;
import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Patience;
import io.millrace.tck.TemporaryFolder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NothingLeftBehind.class)
final class StoreLogTest {
  private final TemporaryFolder work = TemporaryFolder.create();
  private final FlakyStore.Provider flaky = new FlakyStore.Provider(new MemoryStoreProvider());

  @AfterEach
  void removeFolder() {
    work.close();
  }

  @Test
  void failedWriteIsRefusedAndTakesTheLogOffline() throws Exception {
    try (Log log = flakyLog(Map.of())) {
      assertThat(await(log.append(records("a")))).isEqualTo(1);
      flaky.failWrites(new UnavailableException("store-full", "planned"));
      assertThat(failure(log.append(records("b")))).hasFieldOrPropertyWithValue("code", "log-full");
      flaky.mend();
      assertThat(failure(log.append(records("c")))).isInstanceOf(UnavailableException.class);
      assertThat(log.since().value()).isEqualTo(1);
      assertThat(log.read(1)).isEqualTo(bytes("a"));
    }
  }

  @Test
  void failedFlushLeavesTheOutcomeUnknown() throws Exception {
    try (Log log = flakyLog(Map.of())) {
      flaky.failFlushes(new UnavailableException("store-failed", "planned"));
      assertThat(failure(log.append(records("a")))).isInstanceOf(UnknownOutcomeException.class);
      flaky.mend();
      assertThat(failure(log.append(records("b"))))
          .hasFieldOrPropertyWithValue("code", "log-failed");
      assertThat(log.since().value()).isZero();
      assertThatThrownBy(() -> log.read(1)).isInstanceOf(MillraceException.class);
    } catch (UnknownOutcomeException e) {
      assertThat(e.code()).isEqualTo("close-unknown");
    }
  }

  @Test
  void errorOfTheStoreLeavesNobodyWithoutAnAnswer() throws Exception {
    try (Log log = flakyLog(Map.of())) {
      flaky.failWrites(new IllegalStateException("planned"));
      assertThat(failure(log.append(records("a")))).isInstanceOf(UnknownOutcomeException.class);
      assertThat(failure(log.append(records("b")))).isInstanceOf(UnavailableException.class);
    }
  }

  @Test
  void appendsThatWaitShareAFlush() throws Exception {
    try (Log log = flakyLog(Map.of())) {
      flaky.holdFlushes();
      int before = flaky.flushes();
      List<CompletionStage<Long>> answers = new ArrayList<>();
      answers.add(log.append(records("first")));
      flaky.awaitHeldFlush();
      for (int i = 0; i < 50; i++) {
        answers.add(log.append(records("a", "b")));
      }
      assertThat(answers).noneMatch(answer -> answer.toCompletableFuture().isDone());
      flaky.mend();
      assertThat(await(answers.get(50))).isEqualTo(101);
      assertThat(flaky.flushes()).isEqualTo(before + 2);
    }
  }

  @Test
  void intervalForcesWhatWasAnswered() throws Exception {
    try (Log log = flakyLog(Map.of("sync", "1ms"))) {
      int before = flaky.flushes();
      await(log.append(records("a")));
      flaky.awaitFlushes(before + 1);
    }
  }

  @Test
  void osForcesOnlyAtTheEnd() throws Exception {
    int before;
    try (Log log = flakyLog(Map.of("sync", "os"))) {
      before = flaky.flushes();
      await(log.append(records("a")));
      await(log.append(records("b")));
      assertThat(flaky.flushes()).isEqualTo(before);
    }
    assertThat(flaky.flushes()).isGreaterThan(before);
  }

  @Test
  void missingRecordIsDamage() throws Exception {
    try (Log log = open(Map.of())) {
      await(log.append(records("a", "b", "c")));
    }
    StoreProvider rocksdb = stores().named("rocksdb");
    try (Store store =
            rocksdb.open(
                Settings.parse("", rocksdb.settings(), rocksdb.logSettings()),
                context(folder().resolve("rocksdb"), stores()));
        StoreBatch batch = store.batch()) {
      batch.delete(store.keyspace("records"), ByteBuffer.allocate(8).putLong(2).array());
      store.write(batch);
    }
    try (Log log = open(Map.of());
        LogCursor records = log.read(SequenceRange.all())) {
      assertThat(log.since().value()).isEqualTo(3);
      assertThatThrownBy(() -> log.read(2)).isInstanceOf(CorruptionException.class);
      assertThat(records.advance()).isTrue();
      assertThatThrownBy(records::advance)
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining("record 2");
    }
  }

  @Test
  void anotherStoreThanBeforeIsRefused() {
    open(Map.of()).close();
    assertThatThrownBy(() -> open(Map.of("type", "leveldb")))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("'rocksdb'");
    assertThatThrownBy(() -> open(Map.of("type", "memory")))
        .isInstanceOf(UnsupportedException.class);
    open(Map.of("type", "rocksdb")).close();
  }

  @Test
  void unknownStoreIsRefused() {
    assertThatThrownBy(() -> open(Map.of("type", "papyrus")))
        .isInstanceOf(ModuleNotFoundException.class)
        .hasMessageContaining("papyrus")
        .hasMessageContaining("rocksdb");
  }

  @Test
  void openingTwiceIsRefused() {
    try (Log log = open(Map.of())) {
      assertThatThrownBy(() -> open(Map.of()))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("store-locked"));
      assertThat(log.since().value()).isZero();
    }
  }

  @Test
  void storesAreSetUnderTheirNames() {
    List<String> keys =
        new StoreLogProvider().settings(stores()).stream().map(Setting::key).toList();
    assertThat(keys).contains("type", "sync", "rocksdb.cache-size", "leveldb.write-buffer-size");
    assertThat(keys).as("what the log decides").doesNotContain("rocksdb.wal");
    open(Map.of("rocksdb.cache-size", "1MiB")).close();
    assertThatThrownBy(() -> open(Map.of("rocksdb.cache-size", "-1")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.log.store.rocksdb.cache-size")
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> open(Map.of("rocksdb.wal", "false")))
        .isInstanceOf(InvalidSettingException.class);
  }

  private Path folder() {
    return work.path().resolve("log");
  }

  private static Modules<StoreProvider> stores() {
    return Modules.find("store", StoreProvider.class, StoreLogTest.class.getClassLoader());
  }

  private static ModuleContext context(Path folder, Modules<StoreProvider> stores) {
    return new ModuleContext(folder, Clock.systemUTC(), new Random(1), Meters.none(), stores);
  }

  private Log open(Map<String, String> settings) {
    return open(settings, stores());
  }

  private Log flakyLog(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>(settings);
    all.put("type", flaky.name());
    return open(all, Modules.of("store", List.of(flaky)));
  }

  private Log open(Map<String, String> settings, Modules<StoreProvider> stores) {
    StoreLogProvider provider = new StoreLogProvider();
    return provider.open(
        Settings.parse("millrace.log.store.", provider.settings(stores), settings),
        context(folder(), stores));
  }

  private static List<byte[]> records(String... texts) {
    return List.of(texts).stream().map(StoreLogTest::bytes).toList();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long await(CompletionStage<Long> answer)
      throws InterruptedException, ExecutionException, TimeoutException {
    return answer.toCompletableFuture().get(Patience.millis(), TimeUnit.MILLISECONDS);
  }

  private static Throwable failure(CompletionStage<Long> answer)
      throws InterruptedException, TimeoutException {
    try {
      throw new AssertionError("answered with " + await(answer));
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }
}
