package io.millrace.sync;

import static io.millrace.api.sync.SyncedChange.del;
import static io.millrace.api.sync.SyncedChange.put;
import static io.millrace.sync.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Body;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Store;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.sync.SyncedDocuments.Found;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The 42 behaviours that the tests of {@code @treehub/level} show, in their order, one test each,
 * in our words. Where the model's behaviour is a fault or a limit, the test says what holds here
 * instead.
 */
@ExtendWith(NothingLeftBehind.class)
abstract class ReferenceContract {
  @TempDir Path folder;
  private final String storeType;
  private Store store;
  private SyncedDocuments documents;

  ReferenceContract(String storeType) {
    this.storeType = storeType;
  }

  @BeforeEach
  void openStore() {
    store = Stores.open(storeType, folder.resolve("over"));
  }

  @AfterEach
  void closeAll() {
    if (documents != null) {
      documents.close();
    }
    store.close();
  }

  private SyncedDocuments open(SyncMode mode) {
    documents = SyncedDocuments.over(store).mode(mode).open();
    return documents;
  }

  private SyncedDocuments open(String name, SyncMode mode) {
    return SyncedDocuments.over(store).name(name).mode(mode).open();
  }

  private void fill(String... ids) {
    for (String id : ids) {
      documents.put(id, text(id));
    }
  }

  private static List<Found> found(String... ids) {
    List<Found> found = new ArrayList<>();
    for (String id : ids) {
      found.add(new Found(id, text(id)));
    }
    return found;
  }

  private static List<Body> texts(String... values) {
    List<Body> bodies = new ArrayList<>();
    for (String value : values) {
      bodies.add(text(value));
    }
    return bodies;
  }

  /** The number that a cid begins with. */
  private static long number(String cid) {
    int hyphen = cid.indexOf('-');
    return Long.parseLong(hyphen < 0 ? cid : cid.substring(0, hyphen));
  }

  @Nested
  class Base {
    @BeforeEach
    void begin() {
      open(SyncMode.PLAIN);
    }

    @Test
    void opensAndCloses() {
      documents.close();
      assertThatThrownBy(() -> documents.get("test"))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.code()).isEqualTo("closed"));
    }

    @Test
    void openingTwiceIsRefused() {
      SyncedDocumentsBuilder builder =
          SyncedDocuments.in(folder.resolve("own")).store(storeType, Map.of());
      try (SyncedDocuments first = builder.open()) {
        assertThat(first.mode()).isEqualTo(SyncMode.PLAIN);
        assertThatThrownBy(builder::open)
            .isInstanceOfSatisfying(
                UnavailableException.class, e -> assertThat(e.code()).isEqualTo("folder-in-use"));
      }
      builder.open().close();
    }

    /** The model refuses it; here closing twice does nothing, as everywhere in Millrace. */
    @Test
    void closingTwiceDoesNothing() {
      documents.close();
      documents.close();
      assertThatThrownBy(() -> documents.put("test", text("foo")))
          .isInstanceOf(UnavailableException.class);
    }

    @Test
    void getsWhatWasPut() {
      documents.put("test", text("foo"));
      assertThat(documents.get("test")).contains(text("foo"));
      Body nested = Body.parse("{\"obj\":{\"foo\":\"bar\",\"n\":1.00}}");
      documents.put("obj", nested);
      assertThat(documents.get("obj")).contains(nested);
    }

    @Test
    void findsNothingWhereNothingIs() {
      assertThat(documents.get("test")).isEmpty();
    }

    @Test
    void deletes() {
      documents.put("test", text("foo"));
      documents.del("test");
      documents.del("test");
      assertThat(documents.get("test")).isEmpty();
    }

    @Test
    void writesBatches() {
      documents.batch(List.of(put("test", text("foo")), put("obj", text("bar"))));
      assertThat(documents.get("test")).contains(text("foo"));
      assertThat(documents.get("obj")).contains(text("bar"));
    }

    @Test
    void queriesAllARangeOrAChoice() {
      fill("1", "2", "3", "4", "5");
      assertThat(documents.query()).isEqualTo(found("1", "2", "3", "4", "5"));
      assertThat(documents.query(IdRange.all().gte("3").lt("5"), (id, body) -> true))
          .isEqualTo(found("3", "4"));
      assertThat(documents.query(IdRange.all(), (id, body) -> id.equals("2")))
          .isEqualTo(found("2"));
    }

    @Test
    void givesKeysOfAllARangeOrAChoice() {
      fill("1", "2", "3", "4", "5");
      assertThat(documents.keys(IdRange.all(), id -> true))
          .containsExactly("1", "2", "3", "4", "5");
      assertThat(documents.keys(IdRange.all().gte("3").lt("5"), id -> true))
          .containsExactly("3", "4");
      assertThat(documents.keys(IdRange.all(), id -> id.equals("2"))).containsExactly("2");
    }

    @Test
    void givesValuesOfAllARangeOrAChoice() {
      fill("1", "2", "3", "4", "5");
      assertThat(documents.values(IdRange.all(), body -> true))
          .isEqualTo(texts("1", "2", "3", "4", "5"));
      assertThat(documents.values(IdRange.all().gte("3").lt("5"), body -> true))
          .isEqualTo(texts("3", "4"));
      assertThat(documents.values(IdRange.all(), body -> body.equals(text("2"))))
          .isEqualTo(texts("2"));
    }
  }

  @Nested
  class Modes {
    private void refuses(SyncMode mode, Function<SyncedDocuments, ?> call) {
      SyncedDocuments opened = open(mode);
      assertThatThrownBy(() -> call.apply(opened))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("wrong-mode"))
          .hasMessageContaining("only allowed");
    }

    @Test
    void plainIsTheUsualMode() {
      documents = SyncedDocuments.over(store).open();
      assertThat(documents.mode()).isEqualTo(SyncMode.PLAIN);
    }

    @Test
    void aClientGivesNoChanges() {
      refuses(SyncMode.CLIENT, opened -> opened.changes(SyncServer.START, 1));
    }

    @Test
    void aClientTakesNoChange() {
      refuses(SyncMode.CLIENT, opened -> opened.change(SyncServer.START, List.of()));
    }

    @Test
    void aServerAppliesNothing() {
      refuses(SyncMode.SERVER, opened -> opened.apply(SyncServer.START, List.of()));
    }

    @Test
    void aServerHasNothingDirty() {
      refuses(SyncMode.SERVER, SyncedDocuments::dirty);
    }

    @Test
    void aServerCleansNothing() {
      refuses(SyncMode.SERVER, opened -> opened.clean(SyncServer.START, List.of()));
    }
  }

  @Nested
  class Server {
    @BeforeEach
    void begin() {
      open(SyncMode.SERVER);
    }

    private List<SyncedChange> feed() {
      return documents.changes(SyncServer.START, 100).changes();
    }

    @Test
    void beginsWithCidZero() {
      assertThat(number(documents.cid())).isZero();
      documents.close();
    }

    @Test
    void keepsItsCidWhenItIsClosed() {
      documents.put("a", text("1"));
      documents.put("a", text("2"));
      documents.put("a", text("3"));
      String cid = documents.cid();
      assertThat(number(cid)).isEqualTo(3);
      documents.close();
      assertThat(open(SyncMode.SERVER).cid()).isEqualTo(cid);
      fill("b");
      assertThat(documents.changes(cid, 9).changes()).containsExactly(put("b", text("b")));
    }

    @Test
    void putsWithACid() {
      documents.put("foo", text("bar"));
      assertThat(documents.get("foo")).contains(text("bar"));
      assertThat(feed()).containsExactly(put("foo", text("bar")));
      assertThat(number(documents.cid())).isEqualTo(1);
    }

    /** The model lists both changes; here the newest of each document is the whole truth. */
    @Test
    void deletesWithACid() {
      documents.put("foo", text("bar"));
      documents.del("foo");
      assertThat(documents.get("foo")).isEmpty();
      assertThat(feed()).containsExactly(del("foo"));
      assertThat(number(documents.cid())).isEqualTo(2);
    }

    @Test
    void writesBatchesWithACidForEachChange() {
      documents.batch(List.of(put("test", text("1")), put("foo", text("bar")), del("test")));
      assertThat(documents.get("foo")).contains(text("bar"));
      assertThat(documents.get("test")).isEmpty();
      assertThat(number(documents.cid())).isEqualTo(3);
      assertThat(feed()).containsExactly(put("foo", text("bar")), del("test"));
    }

    @Test
    void queriesShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.query()).isEqualTo(found("!", "a", "b"));
    }

    @Test
    void keysShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.keys(IdRange.all(), id -> true)).containsExactly("!", "a", "b");
    }

    @Test
    void valuesShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.values(IdRange.all(), body -> true)).isEqualTo(texts("!", "a", "b"));
    }

    @Test
    void givesChangesAfterACidUpToALimit() {
      fill("a", "b", "c");
      ChangePage all = documents.changes(SyncServer.START, 100);
      assertThat(all.changes())
          .containsExactly(put("a", text("a")), put("b", text("b")), put("c", text("c")));
      assertThat(all.cid()).isEqualTo(documents.cid());
      assertThat(all.more()).isFalse();
      ChangePage two = documents.changes(SyncServer.START, 2);
      assertThat(two.changes()).containsExactly(put("a", text("a")), put("b", text("b")));
      assertThat(number(two.cid())).isEqualTo(2);
      assertThat(two.more()).isTrue();
      ChangePage rest = documents.changes(two.cid(), 100);
      assertThat(rest).isEqualTo(new ChangePage(all.cid(), List.of(put("c", text("c"))), false));
    }

    @Test
    void takesChangesAndGivesTheNewCid() {
      ChangeOutcome outcome =
          documents.change(
              SyncServer.START, List.of(put("a", text("1")), put("b", text("2")), del("c")));
      assertThat(outcome).isEqualTo(new ChangeOutcome.Accepted(documents.cid()));
      assertThat(number(documents.cid())).isEqualTo(3);
      assertThat(documents.change(documents.cid(), List.of())).isEqualTo(outcome);
    }

    @Test
    void takesNothingAtAnotherCid() {
      String cid = documents.cid();
      fill("a");
      assertThat(documents.change(cid, List.of(put("b", text("b")))))
          .isEqualTo(new ChangeOutcome.Mismatch());
      assertThat(documents.change(cid, List.of())).isEqualTo(new ChangeOutcome.Mismatch());
      assertThat(documents.query()).isEqualTo(found("a"));
    }
  }

  @Nested
  class Client {
    @BeforeEach
    void begin() {
      open(SyncMode.CLIENT);
    }

    @Test
    void opensAndCloses() {
      assertThat(documents.cid()).isEqualTo(SyncServer.START);
      documents.close();
    }

    @Test
    void putsAreDirty() {
      documents.put("foo", text("bar"));
      assertThat(documents.get("foo")).contains(text("bar"));
      assertThat(documents.dirty()).containsExactly(put("foo", text("bar")));
      assertThat(documents.cid()).isEqualTo(SyncServer.START);
    }

    @Test
    void deletionsAreDirty() {
      documents.put("foo", text("bar"));
      documents.del("foo");
      assertThat(documents.get("foo")).isEmpty();
      assertThat(documents.dirty()).containsExactly(del("foo"));
      assertThat(documents.cid()).isEqualTo(SyncServer.START);
    }

    @Test
    void batchesAreDirtyWithTheLastOfEachDocument() {
      documents.batch(List.of(put("test", text("1")), put("foo", text("bar")), del("test")));
      assertThat(documents.get("foo")).contains(text("bar"));
      assertThat(documents.get("test")).isEmpty();
      assertThat(documents.dirty()).containsExactly(put("foo", text("bar")), del("test"));
      assertThat(documents.cid()).isEqualTo(SyncServer.START);
    }

    @Test
    void queriesShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.query()).isEqualTo(found("!", "a", "b"));
    }

    @Test
    void keysShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.keys(IdRange.all(), id -> true)).containsExactly("!", "a", "b");
    }

    @Test
    void valuesShowDocumentsAlone() {
      fill("!", "a", "b");
      assertThat(documents.values(IdRange.all(), body -> true)).isEqualTo(texts("!", "a", "b"));
    }

    @Test
    void appliesWhatTheServerHasWhichWins() {
      fill("a", "b");
      documents.del("c");
      assertThat(documents.apply("123-x", List.of(del("b"), put("c", text("server")))))
          .isEqualTo("123-x");
      assertThat(documents.dirty()).containsExactly(put("a", text("a")));
      assertThat(documents.get("b")).isEmpty();
      assertThat(documents.get("c")).contains(text("server"));
      assertThat(documents.cid()).isEqualTo("123-x");
    }

    @Test
    void givesWhatIsDirtyUpToALimit() {
      fill("a", "b", "c");
      documents.del("c");
      assertThat(documents.dirty())
          .containsExactly(put("a", text("a")), put("b", text("b")), del("c"));
      assertThat(documents.dirty(1)).containsExactly(put("a", text("a")));
    }

    @Test
    void cleansWhatTheServerTookAndNoMore() {
      fill("a", "b", "c");
      List<SyncedChange> sent = documents.dirty(2);
      assertThat(documents.clean("123-x", sent)).isEqualTo("123-x");
      assertThat(documents.dirty()).containsExactly(put("c", text("c")));
      assertThat(documents.cid()).isEqualTo("123-x");
      documents.close();
      assertThat(open(SyncMode.CLIENT).cid()).isEqualTo("123-x");
    }
  }

  /** The model refuses a write while another goes on; here it waits for its turn. */
  @Nested
  class Turns {
    @BeforeEach
    void begin() {
      open(SyncMode.SERVER);
    }

    private void together(List<Runnable> writes) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(writes.size());
      try {
        CountDownLatch start = new CountDownLatch(writes.size());
        List<Future<?>> running = new ArrayList<>();
        for (Runnable write : writes) {
          running.add(
              threads.submit(
                  () -> {
                    start.countDown();
                    start.await();
                    write.run();
                    return null;
                  }));
        }
        for (Future<?> one : running) {
          one.get();
        }
      } finally {
        threads.shutdown();
      }
    }

    @Test
    void aWriteWaitsForAnother() throws Exception {
      together(List.of(() -> fill("a", "b", "c"), () -> fill("d", "e", "f")));
      assertThat(number(documents.cid())).isEqualTo(6);
      assertThat(documents.changes(SyncServer.START, 100).changes()).hasSize(6);
    }

    @Test
    void aChangeWaitsForAWriteAndFindsIt() throws Exception {
      List<ChangeOutcome> outcomes = new ArrayList<>();
      together(
          List.of(
              () -> documents.put("a", text("put")),
              () ->
                  outcomes.add(
                      documents.change(SyncServer.START, List.of(put("a", text("change")))))));
      boolean taken = outcomes.get(0) instanceof ChangeOutcome.Accepted;
      assertThat(documents.get("a")).contains(text("put"));
      assertThat(number(documents.cid())).isEqualTo(taken ? 2 : 1);
    }

    @Test
    void writesGoOnAfterAMismatch() {
      fill("a");
      assertThat(documents.change(SyncServer.START, List.of(put("a", text("1")))))
          .isEqualTo(new ChangeOutcome.Mismatch());
      fill("b");
      assertThat(documents.query()).isEqualTo(found("a", "b"));
    }
  }

  @Nested
  class Sync {
    private SyncedDocuments server;
    private SyncedDocuments one;
    private SyncedDocuments other;

    @BeforeEach
    void begin() {
      server = open("server", SyncMode.SERVER);
      one = open("one", SyncMode.CLIENT);
      other = open("other", SyncMode.CLIENT);
    }

    private void sync(SyncedDocuments client) {
      client.apply(server.changes(client.cid(), 100));
      List<SyncedChange> dirty = client.dirty();
      ChangeOutcome outcome = server.change(client.cid(), dirty);
      client.clean(((ChangeOutcome.Accepted) outcome).cid(), dirty);
      assertThat(client.query()).isEqualTo(server.query());
      assertThat(client.cid()).isEqualTo(server.cid());
    }

    private void assertClientsEqual() {
      assertThat(one.query()).isEqualTo(other.query());
      assertThat(one.cid()).isEqualTo(other.cid());
    }

    @Test
    void clientsAndServerComeTogether() {
      server.put("s1", text("s"));
      one.put("c1", text("bar"));
      sync(one);
      sync(other);
      assertClientsEqual();
      server.del("s1");
      server.put("s2", text("bar"));
      other.put("c2", text("foo"));
      sync(one);
      sync(other);
      sync(one);
      assertClientsEqual();
      assertThat(one.keys(IdRange.all(), id -> true)).containsExactly("c1", "c2", "s2");
    }

    @Test
    void theFirstClientToSyncWins() {
      server.put("s1", text("s"));
      sync(one);
      sync(other);
      assertClientsEqual();
      one.put("s1", text("one"));
      other.put("s1", text("other"));
      sync(one);
      sync(other);
      assertClientsEqual();
      assertThat(one.get("s1")).contains(text("one"));
    }
  }
}
