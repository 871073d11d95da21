package io.millrace.sync;

import static io.millrace.api.sync.SyncedChange.del;
import static io.millrace.api.sync.SyncedChange.put;
import static io.millrace.sync.Stores.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Store;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import io.millrace.sync.SyncedDocuments.Found;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds beyond the behaviours of the model. */
@ExtendWith(NothingLeftBehind.class)
class SyncedDocumentsTest {
  @TempDir Path folder;
  private Store store;
  private SyncedDocuments server;
  private SyncedDocuments client;

  @BeforeEach
  void open() {
    store = Stores.open("memory", folder);
    server = SyncedDocuments.over(store).name("server").mode(SyncMode.SERVER).open();
    client = SyncedDocuments.over(store).name("client").mode(SyncMode.CLIENT).open();
  }

  @AfterEach
  void close() {
    server.close();
    client.close();
    store.close();
  }

  private SyncReport sync() {
    return Synchronization.of(client, server).run();
  }

  @Test
  void cidsAreOrderedAsNumbers() {
    for (int i = 1; i <= 12; i++) {
      server.put("d" + i, text("" + i));
    }
    List<String> seen = new ArrayList<>();
    String cid = SyncServer.START;
    ChangePage page;
    do {
      page = server.changes(cid, 5);
      page.changes().forEach(change -> seen.add(change.id()));
      cid = page.cid();
    } while (page.more());
    assertThat(seen)
        .containsExactly("d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10", "d11", "d12");
    assertThat(cid).startsWith("12-");
    assertThat(server.changes(cid, 5).changes()).isEmpty();
  }

  @Test
  void whatIsWrittenBetweenDirtyAndCleanStaysDirty() {
    client.put("a", text("1"));
    client.put("b", text("1"));
    client.put("c", text("1"));
    List<SyncedChange> sent = client.dirty();
    client.put("a", text("2"));
    client.del("b");
    client.put("d", text("1"));
    client.clean("7-x", sent);
    assertThat(client.dirty()).containsExactly(put("a", text("2")), del("b"), put("d", text("1")));
    assertThat(client.get("a")).contains(text("2"));
  }

  @Test
  void whatIsWrittenWhileChangesAreSentReachesTheServer() {
    client.put("a", text("1"));
    SyncReport report =
        Synchronization.of(
                client,
                new Interfering(server) {
                  @Override
                  void beforeChange(int time) {
                    if (time == 1) {
                      client.put("a", text("2"));
                    }
                  }
                })
            .run();
    assertThat(report.pushed()).isEqualTo(2);
    assertThat(server.get("a")).contains(text("2"));
    assertThat(client.get("a")).contains(text("2"));
    assertThat(client.dirty()).isEmpty();
  }

  /** The server has taken the changes, the client never heard of it, and went on writing. */
  @Test
  void whatIsWrittenAfterALostAnswerIsNotTakenBackByTheOwnEcho() {
    client.put("a", text("1"));
    client.put("b", text("1"));
    List<SyncedChange> sent = client.dirty();
    server.change(SyncServer.START, sent);
    client.put("a", text("2"));
    client.put("a", text("3"));
    client.close();
    client = SyncedDocuments.over(store).name("client").mode(SyncMode.CLIENT).open();
    sync();
    assertThat(server.query())
        .containsExactly(new Found("a", text("3")), new Found("b", text("1")));
    assertThat(client.query()).isEqualTo(server.query());
  }

  @Test
  void whatSomebodyElseWroteAfterALostAnswerWins() {
    client.put("a", text("1"));
    server.change(SyncServer.START, client.dirty());
    client.put("a", text("2"));
    server.put("a", text("other"));
    sync();
    assertThat(client.get("a")).contains(text("other"));
    assertThat(client.dirty()).isEmpty();
  }

  /** Only what was given away may come back. */
  @Test
  void aValueThatWasNeverSentIsNoEcho() {
    client.put("a", text("on"));
    client.put("a", text("off"));
    server.put("a", text("on"));
    sync();
    assertThat(client.get("a")).contains(text("on"));
  }

  @Test
  void aSyncGoesOnWhenOthersWriteMeanwhile() {
    for (int i = 0; i < 25; i++) {
      client.put("c" + i, text("c"));
    }
    SyncReport report =
        Synchronization.of(
                client,
                new Interfering(server) {
                  @Override
                  void beforeChange(int time) {
                    if (time % 2 == 1) {
                      server.put("s" + time, text("s"));
                      server.put("c24", text("s" + time));
                    }
                  }
                })
            .pageSize(10)
            .run();
    assertThat(report.startedOver()).isFalse();
    assertThat(client.query()).isEqualTo(server.query()).hasSizeGreaterThan(26);
    assertThat(client.cid()).isEqualTo(server.cid());
    assertThat(client.dirty()).isEmpty();
  }

  @Test
  void aSyncEndsWhenOthersNeverLetItIn() {
    client.put("c", text("c"));
    Synchronization sync =
        Synchronization.of(
                client,
                new Interfering(server) {
                  @Override
                  void beforeChange(int time) {
                    server.put("s", text("" + time));
                  }
                })
            .attempts(5);
    assertThatThrownBy(sync::run)
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.code()).isEqualTo("server-busy"));
    assertThat(client.dirty()).containsExactly(put("c", text("c")));
  }

  @Test
  void aClientOfAnotherServerBeginsAgainAndKeepsItsChanges() {
    server.put("old", text("old"));
    sync();
    client.put("mine", text("mine"));
    SyncedDocuments another =
        SyncedDocuments.over(store).name("another").mode(SyncMode.SERVER).open();
    another.put("new", text("new"));
    assertThatThrownBy(() -> another.changes(client.cid(), 10))
        .isInstanceOf(StartOverException.class);
    assertThatThrownBy(() -> another.change(client.cid(), List.of()))
        .isInstanceOf(StartOverException.class);
    SyncReport report = Synchronization.of(client, another).run();
    assertThat(report.startedOver()).isTrue();
    assertThat(client.query())
        .isEqualTo(another.query())
        .containsExactly(new Found("mine", text("mine")), new Found("new", text("new")));
    another.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "1", "-1", "01-0123456789abcdef", "1-0123456789ABCDEF", "1-"})
  void whatIsNoCidIsRefused(String cid) {
    assertThatThrownBy(() -> server.changes(cid, 1))
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("invalid-cid"));
  }

  @Test
  void documentsOfOneModeAreNotOpenedInAnother() {
    SyncedDocumentsBuilder wrong = SyncedDocuments.over(store).name("client").mode(SyncMode.SERVER);
    assertThatThrownBy(wrong::open)
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("wrong-mode"));
  }

  @Test
  void rangesHaveBoundsOfBothKindsADirectionAndALimit() {
    for (String id : List.of("a", "a1", "b", "c", "é")) {
      client.put(id, text(id));
    }
    IdRange all = IdRange.all();
    assertThat(client.keys(all.gt("a").lte("c"), id -> true)).containsExactly("a1", "b", "c");
    assertThat(client.keys(all.reversed(true).limited(2), id -> true)).containsExactly("é", "c");
    assertThat(client.keys(all.limited(2), id -> id.compareTo("a1") > 0)).containsExactly("b", "c");
    assertThat(client.keys(all.limited(0), id -> true)).isEmpty();
  }

  @Test
  void badIdsAndLimitsAreRefusedBeforeAnythingIsWritten() {
    assertThatThrownBy(() -> client.put("", text("x"))).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> client.put("_x", text("x")))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> client.dirty(0)).isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> server.changes(SyncServer.START, 0))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(client.dirty()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rocksdb", "leveldb", "xodus"})
  void aFolderKeepsDocumentsCidAndWhatIsDirty(String type) {
    SyncedDocumentsBuilder builder =
        SyncedDocuments.in(folder.resolve(type)).mode(SyncMode.CLIENT).store(type, Map.of());
    try (SyncedDocuments first = builder.open()) {
      first.apply("4-x", List.of(put("a", text("server"))));
      first.put("b", text("mine"));
    }
    try (SyncedDocuments again = builder.open()) {
      assertThat(again.cid()).isEqualTo("4-x");
      assertThat(again.get("a")).contains(text("server"));
      assertThat(again.dirty()).containsExactly(put("b", text("mine")));
    }
    SyncedDocumentsBuilder other =
        SyncedDocuments.in(folder.resolve(type)).mode(SyncMode.CLIENT).store("memory", Map.of());
    assertThatThrownBy(other::open)
        .isInstanceOfSatisfying(
            InvalidRequestException.class, e -> assertThat(e.code()).isEqualTo("wrong-store"));
  }

  @Test
  void aRefusedDocumentStaysDirtyAndIsNamed() {
    client.put("a", text("1"));
    SyncServer refusing =
        new Interfering(server) {
          @Override
          void beforeChange(int time) {
            throw new InvalidRequestException("document-too-large", "the document a");
          }
        };
    assertThatThrownBy(() -> Synchronization.of(client, refusing).run())
        .hasMessageContaining("document a");
    assertThat(client.dirty()).containsExactly(put("a", text("1")));
    assertThat(server.change(server.cid(), List.of())).isInstanceOf(ChangeOutcome.Accepted.class);
  }
}
