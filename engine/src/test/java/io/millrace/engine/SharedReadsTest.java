package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.await;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.Queries.RowCursor;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reads that share snapshots, on a store whose native memory must not be touched once freed. */
@ExtendWith(NothingLeftBehind.class)
@Timeout(120)
class SharedReadsTest {
  private static final String B = "films";
  private static final int READERS = 4;

  @TempDir Path folder;
  private Database database;

  @BeforeEach
  void open() {
    database = Millrace.in(folder).log("memory", Map.of()).store("rocksdb", Map.of()).open();
    await(database.createBucket(B, NOBODY));
    define("q", "n");
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Queries queries() {
    return database.bucket(B).queries();
  }

  private void define(String query, String value) {
    ObjectNode definition =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "index")
            .put("key", "key")
            .put("value", value);
    await(queries().define(query, definition, NOBODY));
  }

  private long get() {
    ViewArguments key = ViewArguments.ofTexts(Map.of("key", "\"k\""));
    JsonNode value =
        queries().call("q", "get", key, Consistency.latest()).toCompletableFuture().join();
    return value.longValue();
  }

  private long term(Consistency consistency) {
    ViewArguments term = ViewArguments.ofTexts(Map.of("term", "\"k\""));
    try (RowCursor rows =
        queries().rows("q", "rows", term, consistency).toCompletableFuture().join()) {
      assertThat(rows.advance()).isTrue();
      long value = Long.parseLong(new String(rows.current().value()));
      assertThat(rows.advance()).isFalse();
      return value;
    }
  }

  private void write(long n) {
    done(database, put(B, "d", "{\"key\":\"k\",\"n\":" + n + "}"));
  }

  @Test
  void everyReadShowsTheWritesThatWereAcknowledgedBefore() {
    write(0);
    AtomicLong acknowledged = new AtomicLong();
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    int last = 1_000;
    for (int i = 0; i < READERS; i++) {
      boolean rows = i % 2 == 0;
      readers.add(
          CompletableFuture.runAsync(
              () -> {
                long before = 0;
                while (before < last) {
                  before = acknowledged.get();
                  long shown = rows ? term(Consistency.latest()) : get();
                  assertThat(shown).isGreaterThanOrEqualTo(before);
                }
              }));
    }
    for (int n = 1; n <= last; n++) {
      write(n);
      acknowledged.set(n);
      assertThat(get()).isEqualTo(n);
      assertThat(term(Consistency.latest())).isEqualTo(n);
    }
    CompletableFuture.allOf(readers.toArray(new CompletableFuture<?>[0])).join();
  }

  @Test
  void aRowsSequenceIsReachedByTheRowsThatAreShown() {
    for (int n = 1; n <= 300; n++) {
      long sequence = done(database, put(B, "d", "{\"key\":\"k\",\"n\":" + n + "}")).sequence();
      done(database, put("other", "d" + n, "{}"));
      ViewArguments all = ViewArguments.none();
      try (RowCursor rows =
          await(queries().rows("q", "rows", all, Consistency.atLeast(sequence)))) {
        assertThat(rows.sequence()).isGreaterThanOrEqualTo(sequence);
        assertThat(rows.advance()).isTrue();
        assertThat(new String(rows.current().value())).isEqualTo("" + n);
      }
    }
  }

  @Test
  void closingWhileManyReadIsAnErrorAndNoCrash() throws InterruptedException {
    write(7);
    CountDownLatch reading = new CountDownLatch(READERS);
    List<CompletableFuture<Throwable>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      boolean rows = i % 2 == 0;
      readers.add(CompletableFuture.supplyAsync(() -> readUntilRefused(rows, reading)));
    }
    RowCursor open = await(queries().rows("q", "rows", ViewArguments.none(), Consistency.latest()));
    assertThat(open.advance()).isTrue();
    reading.await();
    database.close();
    for (CompletableFuture<Throwable> reader : readers) {
      assertThat(reader.join()).isInstanceOf(UnavailableException.class);
    }
    assertThatThrownBy(open::advance).isInstanceOf(UnavailableException.class);
    open.close();
  }

  private Throwable readUntilRefused(boolean rows, CountDownLatch reading) {
    long done = 0;
    while (true) {
      try {
        assertThat(rows ? term(Consistency.latest()) : get()).isEqualTo(7);
      } catch (CompletionException e) {
        return e.getCause();
      } catch (UnavailableException e) {
        return e;
      }
      if (++done == 100) {
        reading.countDown();
      }
    }
  }

  @Test
  void aQueryThatGoesIsMissingAndItsRowsStayWhereTheyAreRead() {
    write(7);
    try (RowCursor open =
        await(queries().rows("q", "rows", ViewArguments.none(), Consistency.latest()))) {
      assertThat(get()).isEqualTo(7);
      define("q", "m");
      assertThat(await(queries().remove("q", NOBODY))).isTrue();
      assertThatThrownBy(this::get).hasCauseInstanceOf(NotFoundException.class);
      assertThat(open.advance()).isTrue();
      assertThat(new String(open.current().value())).isEqualTo("7");
    }
  }
}
