package io.millrace.sync;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client notes beside its documents: which of them the server does not know of, and what it
 * has reached of the server. Everything that belongs together is one batch.
 *
 * <p>Changed by one thread at a time.
 */
final class ClientNotes {
  private static final byte[] CID = {'c'};
  private static final long MAX_DIRTY_BYTES = 4L << 20;

  private final Keyspaces spaces;
  private volatile String cid;

  ClientNotes(Keyspaces spaces) {
    this.spaces = spaces;
    byte[] known = spaces.store.get(spaces.meta, CID);
    this.cid = known == null ? SyncServer.START : Keyspaces.text(known);
  }

  String cid() {
    return cid;
  }

  private @Nullable DirtyRow row(String id) {
    byte[] key = IdRange.utf8(id);
    byte[] row = spaces.store.get(spaces.dirty, key);
    return row == null ? null : DirtyRow.decode(key, row);
  }

  private void put(StoreBatch batch, String id, DirtyRow row) {
    batch.put(spaces.dirty, IdRange.utf8(id), row.encode());
  }

  /** Adds local changes. */
  void write(StoreBatch batch, Collection<SyncedChange> changes) {
    for (SyncedChange change : lastOfEach(changes)) {
      DirtyRow before = row(change.id());
      spaces.set(batch, change);
      put(batch, change.id(), before == null ? DirtyRow.of(change) : before.then(change));
    }
  }

  static Collection<SyncedChange> lastOfEach(Collection<SyncedChange> changes) {
    Map<String, SyncedChange> last = new LinkedHashMap<>();
    changes.forEach(change -> last.put(change.id(), change));
    return last.values();
  }

  /**
   * The changes that the server does not know of, in the order of their ids; notes that they are
   * given away.
   */
  List<SyncedChange> handOut(StoreBatch batch, int limit) {
    List<SyncedChange> out = new ArrayList<>();
    long bytes = 0;
    try (StoreCursor rows = spaces.store.range(spaces.dirty, KeyRange.all())) {
      while (out.size() < limit && bytes < MAX_DIRTY_BYTES && rows.advance()) {
        String id = Keyspaces.text(rows.key());
        DirtyRow row = DirtyRow.decode(rows.key(), rows.value());
        out.add(new SyncedChange(id, row.body()));
        bytes += row.body() == null ? 0 : row.body().length();
        if (!row.handedOut()) {
          put(batch, id, row.handed());
        }
      }
    }
    return out;
  }

  /** Adds what the server has: it wins, unless it merely says what was sent to it from here. */
  void apply(StoreBatch batch, String reached, List<SyncedChange> changes) {
    for (SyncedChange change : lastOfEach(changes)) {
      DirtyRow mine = row(change.id());
      if (mine != null && mine.wasSent(change)) {
        put(batch, change.id(), mine.afterSent());
        continue;
      }
      spaces.set(batch, change);
      if (mine != null) {
        batch.delete(spaces.dirty, IdRange.utf8(change.id()));
      }
    }
    reach(batch, reached);
  }

  /** Forgets what the server has taken; what was changed after it was given away stays. */
  void clean(StoreBatch batch, String reached, List<SyncedChange> taken) {
    for (SyncedChange change : taken) {
      DirtyRow mine = row(change.id());
      if (mine != null && mine.says(change)) {
        batch.delete(spaces.dirty, IdRange.utf8(change.id()));
      } else if (mine != null) {
        put(batch, change.id(), mine.afterSent());
      }
    }
    reach(batch, reached);
  }

  /** Adds the removal of everything but the changes that the server does not know of. */
  void startOver(StoreBatch batch) {
    batch.deleteRange(spaces.documents, new byte[0], null);
    try (StoreCursor rows = spaces.store.range(spaces.dirty, KeyRange.all())) {
      while (rows.advance()) {
        DirtyRow mine = DirtyRow.decode(rows.key(), rows.value());
        spaces.set(batch, new SyncedChange(Keyspaces.text(rows.key()), mine.body()));
      }
    }
    reach(batch, SyncServer.START);
  }

  private void reach(StoreBatch batch, String reached) {
    batch.put(spaces.meta, CID, IdRange.utf8(reached));
  }

  /** Remembers what was written. */
  void reached(String now) {
    cid = now;
  }
}
