package io.millrace.sync;

import io.millrace.api.document.Attribution;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Brings a client's documents and a server together: takes over what changed there, where the
 * server wins, then sends what is left of the client's own changes, and so on until nothing is.
 *
 * <p>When something changed on the server between the two, the server takes nothing, and it begins
 * again. Whatever fails on the way leaves the client as it was at some moment of the sync, with
 * every change that the server may not have still dirty; running it again goes on from there.
 *
 * <p>Immutable, and safe for use by many threads: of the same documents one sync goes on at a time.
 */
public final class Synchronization {
  private static final int MOST_BEGINNINGS = 3;

  private final SyncedDocuments client;
  private final SyncServer server;
  private final int pageSize;
  private final int attempts;
  private final Attribution attribution;

  private Synchronization(
      SyncedDocuments client,
      SyncServer server,
      int pageSize,
      int attempts,
      Attribution attribution) {
    this.client = client;
    this.server = server;
    this.pageSize = pageSize;
    this.attempts = attempts;
    this.attribution = attribution;
  }

  /** Between {@code client} and {@code server}, at most 100 changes at a time. */
  public static Synchronization of(SyncedDocuments client, SyncServer server) {
    return new Synchronization(
        client, server, SyncedDocuments.USUAL_LIMIT, 100, Attribution.none());
  }

  /** With at most so many changes at a time. */
  public Synchronization pageSize(int changes) {
    return new Synchronization(
        client, server, requirePositive("pageSize", changes), attempts, attribution);
  }

  /** With so many tries to send the same changes to a server that others write to; 100 usually. */
  public Synchronization attempts(int most) {
    return new Synchronization(
        client, server, pageSize, requirePositive("attempts", most), attribution);
  }

  /** With who sends changes, and why. */
  public Synchronization as(Attribution who) {
    return new Synchronization(client, server, pageSize, attempts, who);
  }

  private static int requirePositive(String option, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(option + " must be 1 or more, not " + value);
    }
    return value;
  }

  /**
   * Syncs until the client has everything and nothing is dirty. Blocks.
   *
   * @throws UnavailableException when the server cannot be reached, or others wrote to it before
   *     each try (code {@code server-busy})
   * @throws MillraceException when the server refuses a document; the message names it
   */
  public SyncReport run() {
    return client.alone(() -> new Run().run());
  }

  /** One sync. */
  private final class Run {
    private long pulled;
    private long pushed;
    private int beginnings;

    SyncReport run() {
      int tried = 0;
      while (true) {
        try {
          pull();
          List<SyncedChange> dirty = client.dirty(pageSize);
          if (dirty.isEmpty()) {
            return new SyncReport(client.cid(), pulled, pushed, beginnings > 0);
          }
          tried = push(dirty) ? 0 : tried + 1;
        } catch (StartOverException e) {
          beginnings++;
          if (beginnings > MOST_BEGINNINGS) {
            throw e;
          }
          client.startOver();
        }
        if (tried == attempts) {
          throw new UnavailableException(
              "server-busy",
              "others wrote to the server before each of "
                  + attempts
                  + " tries to send changes; they are kept, try again later");
        }
      }
    }

    private void pull() {
      ChangePage page;
      do {
        page = server.changes(client.cid(), pageSize);
        client.apply(page);
        pulled += page.changes().size();
      } while (page.more());
    }

    private boolean push(List<SyncedChange> dirty) {
      ChangeOutcome outcome = await(server.change(client.cid(), dirty, attribution));
      if (outcome instanceof ChangeOutcome.Accepted accepted) {
        client.clean(accepted.cid(), dirty);
        pushed += dirty.size();
        return true;
      }
      return false;
    }
  }

  private static <T> T await(CompletionStage<T> answer) {
    try {
      return answer.toCompletableFuture().join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MillraceException known) {
        throw known;
      }
      throw e;
    }
  }
}
