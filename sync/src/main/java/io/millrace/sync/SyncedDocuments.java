package io.millrace.sync;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.DocumentId;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Documents in a local store, in one of three {@linkplain SyncMode modes}: on their own, as a
 * client that works offline and is synced with a server, or as such a server.
 *
 * <pre>{@code
 * try (SyncedDocuments notes = SyncedDocuments.in(folder).mode(SyncMode.CLIENT).open()) {
 *   notes.put("milk", Body.parse("{\"bought\":false}"));
 *   Synchronization.of(notes, HttpSyncServer.at("http://127.0.0.1:1444/shopping")).run();
 * }
 * }</pre>
 *
 * <p><b>Atomicity.</b> Each write, with all that is noted beside it, is one batch of the store:
 * visible as a whole or not at all, also after a crash. <b>Durability.</b> Documents opened in a
 * folder are durable when a write returns, unless it was chosen otherwise; those over a store of
 * one's own when {@link #flush()} or a later write of that kind returns. What survives a crash is
 * what was there at some moment.
 *
 * <p><b>Threads.</b> Safe for use by many; writes wait for one another. <b>Lifecycle.</b> Opened by
 * a builder, closed once; closing again does nothing. Afterwards everything else throws {@link
 * UnavailableException} with the code {@code closed}.
 */
public final class SyncedDocuments implements SyncServer, AutoCloseable {
  /** How many changes are given at once unless it is said. */
  public static final int USUAL_LIMIT = 100;

  private final Keyspaces spaces;
  private final SyncMode mode;
  private final boolean flushes;
  private final Runnable resources;
  private final ReentrantLock writing = new ReentrantLock();
  private final ReentrantLock syncing = new ReentrantLock();
  private final @Nullable ClientNotes client;
  private final @Nullable ServerNotes server;
  private volatile boolean closed;

  /**
   * @param resources closes what is beneath
   */
  SyncedDocuments(SyncedDocumentsBuilder options, Keyspaces spaces, Runnable resources) {
    this.spaces = spaces;
    this.mode = options.mode;
    this.flushes = options.flushesEachWrite();
    this.resources = resources;
    spaces.require(mode);
    client = mode == SyncMode.CLIENT ? new ClientNotes(spaces) : null;
    server = mode == SyncMode.SERVER ? new ServerNotes(spaces, options.random) : null;
  }

  /** Begins to open the documents in {@code folder}, which are made if they are not there. */
  public static SyncedDocumentsBuilder in(Path folder) {
    return new SyncedDocumentsBuilder(folder, null);
  }

  /** Begins to open documents in a store that somebody else closes. */
  public static SyncedDocumentsBuilder over(Store store) {
    return new SyncedDocumentsBuilder(null, store);
  }

  /** What the documents are for. */
  public SyncMode mode() {
    return mode;
  }

  /**
   * What a client has reached of its server, or a server itself.
   *
   * @throws InvalidRequestException in the plain mode (code {@code wrong-mode})
   */
  public String cid() {
    return server != null ? server.cid() : requireClient("cid").cid();
  }

  /** The document {@code id}. */
  public Optional<Body> get(String id) {
    ensureOpen();
    return Optional.ofNullable(spaces.body(DocumentId.require(id)));
  }

  /** Writes a document, whatever was there. */
  public void put(String id, Body body) {
    batch(List.of(SyncedChange.put(id, body)));
  }

  /** Deletes a document; nothing happens to one that is not there. */
  public void del(String id) {
    batch(List.of(SyncedChange.del(id)));
  }

  /** Makes changes together, in their order. */
  public void batch(List<SyncedChange> changes) {
    List<SyncedChange> all = List.copyOf(changes);
    write(
        true,
        batch -> {
          if (server != null) {
            long last = server.write(batch, all);
            return () -> server.reached(last);
          } else if (client != null) {
            client.write(batch, all);
          } else {
            all.forEach(change -> spaces.set(batch, change));
          }
          return () -> {};
        });
  }

  /** A document of an answer. */
  public record Found(String id, Body body) {}

  /** All documents, in the order of their ids. */
  public List<Found> query() {
    return query(IdRange.all(), (id, body) -> true);
  }

  /** The documents of {@code range} that pass {@code filter}, in its order. */
  public List<Found> query(IdRange range, BiPredicate<String, Body> filter) {
    return read(
        range,
        rows -> {
          Found found = new Found(Keyspaces.text(rows.key()), Body.ofCheckedJson(rows.value()));
          return filter.test(found.id(), found.body()) ? found : null;
        });
  }

  /** The ids of {@code range} that pass {@code filter}. */
  public List<String> keys(IdRange range, Predicate<String> filter) {
    return read(
        range,
        rows -> {
          String id = Keyspaces.text(rows.key());
          return filter.test(id) ? id : null;
        });
  }

  /** The bodies of {@code range} that pass {@code filter}, in the order of their ids. */
  public List<Body> values(IdRange range, Predicate<Body> filter) {
    return read(
        range,
        rows -> {
          Body body = Body.ofCheckedJson(rows.value());
          return filter.test(body) ? body : null;
        });
  }

  private <T> List<T> read(IdRange range, Function<StoreCursor, @Nullable T> reading) {
    ensureOpen();
    List<T> found = new ArrayList<>();
    try (StoreCursor rows = spaces.rows(range)) {
      while (found.size() < range.limit() && rows.advance()) {
        T one = reading.apply(rows);
        if (one != null) {
          found.add(one);
        }
      }
    }
    return found;
  }

  /** As {@link SyncServer#changes}; of a server. */
  @Override
  public ChangePage changes(String cid, int limit) {
    ServerNotes notes = requireServer("changes");
    requirePositive(limit);
    ensureOpen();
    return notes.changes(cid, limit);
  }

  /** As {@link SyncServer#change}; of a server. Answers at once. */
  @Override
  public CompletionStage<ChangeOutcome> change(
      String cid, List<SyncedChange> changes, Attribution attribution) {
    try {
      return CompletableFuture.completedFuture(change(cid, changes));
    } catch (MillraceException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The same of nobody, for no stated reason. */
  public ChangeOutcome change(String cid, List<SyncedChange> changes) {
    ServerNotes notes = requireServer("change");
    List<SyncedChange> all = List.copyOf(changes);
    writing.lock();
    try {
      ensureOpen();
      if (!notes.isNewest(cid)) {
        return new ChangeOutcome.Mismatch();
      }
      if (!all.isEmpty()) {
        batch(all);
      }
      return new ChangeOutcome.Accepted(notes.cid());
    } finally {
      writing.unlock();
    }
  }

  /** As {@link #apply(String, List)}. */
  public String apply(ChangePage page) {
    return apply(page.cid(), page.changes());
  }

  /**
   * Takes over what a server has, and what is reached with it; of a client. Where a document was
   * changed here too, the server's state takes its place. One exception keeps a change from being
   * lost with the answer to it: what comes back as it was {@linkplain #dirty given to be sent} does
   * not replace what was written on top of it since.
   *
   * @return the cid
   */
  public String apply(String cid, List<SyncedChange> changes) {
    ClientNotes notes = requireClient("apply");
    write(
        false,
        batch -> {
          notes.apply(batch, cid, changes);
          return () -> notes.reached(cid);
        });
    return cid;
  }

  /** Up to {@link #USUAL_LIMIT} of the changes that the server has not got; of a client. */
  public List<SyncedChange> dirty() {
    return dirty(USUAL_LIMIT);
  }

  /**
   * The changes that the server has not got, in the order of their ids, the newest of each
   * document, and fewer than {@code limit} when they are large; of a client. Notes that they are
   * given away to be sent.
   */
  public List<SyncedChange> dirty(int limit) {
    ClientNotes notes = requireClient("dirty");
    requirePositive(limit);
    List<SyncedChange> changes = new ArrayList<>();
    write(
        false,
        batch -> {
          changes.addAll(notes.handOut(batch, limit));
          return () -> {};
        });
    return changes;
  }

  /**
   * Forgets changes that the server has taken, and notes what is reached with them; of a client. A
   * document that was written again since {@link #dirty} gave its change stays dirty.
   *
   * @param taken as they were sent
   * @return the cid
   */
  public String clean(String cid, List<SyncedChange> taken) {
    ClientNotes notes = requireClient("clean");
    write(
        false,
        batch -> {
          notes.clean(batch, cid, taken);
          return () -> notes.reached(cid);
        });
    return cid;
  }

  /**
   * Forgets everything that came from the server, and keeps the changes that it has not got; of a
   * client, after a {@link StartOverException}.
   */
  public void startOver() {
    ClientNotes notes = requireClient("startOver");
    write(
        false,
        batch -> {
          notes.startOver(batch);
          return () -> notes.reached(START);
        });
  }

  /** Makes everything that was written durable. */
  public void flush() {
    ensureOpen();
    spaces.store.flush();
  }

  /** Runs {@code sync} while no other one of these documents goes on. */
  <T> T alone(Supplier<T> sync) {
    syncing.lock();
    try {
      return sync.get();
    } finally {
      syncing.unlock();
    }
  }

  /**
   * Writes a batch.
   *
   * @param filling fills it and says what is to be done when it is written
   */
  private void write(boolean durable, Function<StoreBatch, Runnable> filling) {
    writing.lock();
    try {
      ensureOpen();
      try (StoreBatch batch = spaces.store.batch()) {
        Runnable written = filling.apply(batch);
        spaces.store.write(batch);
        written.run();
      }
    } finally {
      writing.unlock();
    }
    if (durable && flushes) {
      spaces.store.flush();
    }
  }

  private static void requirePositive(int limit) {
    if (limit < 1) {
      throw new InvalidRequestException("invalid-limit", "limit must be 1 or more, not " + limit);
    }
  }

  private ClientNotes requireClient(String method) {
    if (client == null) {
      throw wrongMode(method, SyncMode.CLIENT);
    }
    return client;
  }

  private ServerNotes requireServer(String method) {
    if (server == null) {
      throw wrongMode(method, SyncMode.SERVER);
    }
    return server;
  }

  private InvalidRequestException wrongMode(String method, SyncMode needed) {
    return new InvalidRequestException(
        "wrong-mode", method + " is only allowed in the mode " + needed + "; this is " + mode);
  }

  private void ensureOpen() {
    if (closed) {
      throw new UnavailableException("closed", "the documents are closed");
    }
  }

  /** Waits for the write that goes on, and makes everything durable. */
  @Override
  public void close() {
    writing.lock();
    try {
      if (!closed) {
        closed = true;
        resources.run();
      }
    } finally {
      writing.unlock();
    }
  }
}
