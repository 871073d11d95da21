package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.UnavailableException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The end of a store. */
abstract class LifecycleTests extends StoreGroup {
  LifecycleTests(StoreTck tck) {
    super(tck);
  }

  @Test
  void closingTwiceDoesNothing() {
    Store store = open();
    store.close();
    store.close();
  }

  @Test
  void closedStoreRefusesEverything() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    StoreBatch batch = store.batch();
    batch.put(rows, utf8("k"), utf8("v2"));
    store.close();
    assertClosed(() -> store.keyspace("rows"));
    assertClosed(store::keyspaces);
    assertClosed(store::batch);
    assertClosed(() -> store.write(batch));
    assertClosed(() -> store.get(rows, utf8("k")));
    assertClosed(() -> store.getAll(rows, List.of(utf8("k"))));
    assertClosed(() -> store.range(rows, KeyRange.all()));
    assertClosed(store::snapshot);
    assertClosed(() -> store.drop(rows));
    assertClosed(store::flush);
    assertClosed(() -> store.checkpoint(work().resolve("checkpoint")));
    assertClosed(store::sizeBytes);
    batch.close();
  }

  @Test
  void closingTheStoreEndsCursorsAndSnapshots() {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("a"), utf8("v"));
    put(store, rows, utf8("b"), utf8("v"));
    StoreCursor cursor = store.range(rows, KeyRange.all());
    assertThat(cursor.advance()).isTrue();
    StoreSnapshot snapshot = store.snapshot();
    StoreCursor cursorOfSnapshot = snapshot.range(rows, KeyRange.all());
    store.close();
    assertClosed(cursor::advance);
    assertClosed(cursorOfSnapshot::advance);
    assertClosed(() -> snapshot.get(rows, utf8("a")));
    assertClosed(() -> snapshot.getAll(rows, List.of(utf8("a"))));
    assertClosed(() -> snapshot.range(rows, KeyRange.all()));
    cursor.close();
    cursorOfSnapshot.close();
    snapshot.close();
  }

  @Test
  void closingWhileOthersReadAndWriteDisturbsNobody() throws Exception {
    Store store = open();
    Keyspace rows = store.keyspace("rows");
    put(store, rows, utf8("k"), utf8("v"));
    CountDownLatch busy = new CountDownLatch(3);
    AtomicBoolean closed = new AtomicBoolean();
    ExecutorService users = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> all =
          List.of(
              users.submit(() -> untilClosed(busy, closed, () -> store.get(rows, utf8("k")))),
              users.submit(
                  () -> untilClosed(busy, closed, () -> put(store, rows, utf8("x"), utf8("v")))),
              users.submit(
                  () ->
                      untilClosed(
                          busy,
                          closed,
                          () -> {
                            try (StoreSnapshot snapshot = store.snapshot();
                                StoreCursor cursor = snapshot.range(rows, KeyRange.all())) {
                              cursor.advance();
                            }
                          })));
      assertThat(busy.await(30, TimeUnit.SECONDS)).isTrue();
      store.close();
      closed.set(true);
      for (Future<?> user : all) {
        user.get(30, TimeUnit.SECONDS);
      }
    } finally {
      closed.set(true);
      users.shutdown();
      assertThat(users.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void untilClosed(CountDownLatch busy, AtomicBoolean closed, Runnable use) {
    boolean told = false;
    while (true) {
      boolean late = closed.get();
      try {
        use.run();
        assertThat(late).as("used after it was closed").isFalse();
      } catch (UnavailableException e) {
        assertThat(e.code()).isEqualTo("store-closed");
        return;
      }
      if (!told) {
        busy.countDown();
        told = true;
      }
    }
  }

  private static void assertClosed(ThrowingCallable call) {
    assertThatThrownBy(call)
        .asInstanceOf(InstanceOfAssertFactories.type(UnavailableException.class))
        .extracting(UnavailableException::code)
        .isEqualTo("store-closed");
  }
}
