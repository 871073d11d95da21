package io.millrace.sync;

import io.millrace.api.document.Body;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreSnapshot;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server notes beside its documents: the number of the newest change of each, so that the
 * feed does not grow with what was written. Numbers rise by one and are compared as numbers; a cid
 * is one of them with a random mark of this server. A copy of the store that is put back is noticed
 * by those who are ahead of it, as long as it has not caught up with them.
 *
 * <p>Changed by one thread at a time, read by any.
 */
final class ServerNotes {
  private static final byte[] MARK = {'i'};
  private static final byte[] LAST = {'n'};
  private static final byte DELETED = 1;
  private static final long MAX_PAGE_BYTES = 4L << 20;
  private static final Pattern FORM = Pattern.compile("(0|[1-9]\\d{0,17})-([0-9a-f]{16})");

  private final Keyspaces spaces;
  private final String mark;
  private volatile long last;

  ServerNotes(Keyspaces spaces, RandomGenerator random) {
    this.spaces = spaces;
    byte[] known = spaces.store.get(spaces.meta, MARK);
    if (known == null) {
      known = number(random.nextLong());
      try (StoreBatch batch = spaces.store.batch()) {
        batch.put(spaces.meta, MARK, known);
        spaces.store.write(batch);
      }
    }
    this.mark = HexFormat.of().formatHex(known);
    byte[] reached = spaces.store.get(spaces.meta, LAST);
    this.last = reached == null ? 0 : ByteBuffer.wrap(reached).getLong();
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  String cid() {
    return cid(last);
  }

  private String cid(long number) {
    return number + "-" + mark;
  }

  /** The number that {@code cid} begins with. */
  private long number(String cid) {
    if (cid.equals(SyncServer.START)) {
      return 0;
    }
    Matcher form = FORM.matcher(cid);
    if (!form.matches()) {
      throw new InvalidRequestException(
          "invalid-cid", "a cid is what an earlier answer named, or " + SyncServer.START);
    }
    long number = Long.parseLong(form.group(1));
    if (!form.group(2).equals(mark) || number > last) {
      throw new StartOverException(
          "the cid is of another server, or of this one before it was restored; begin again from"
              + " cid "
              + SyncServer.START);
    }
    return number;
  }

  /** Whether nothing changed after {@code cid}. */
  boolean isNewest(String cid) {
    return number(cid) == last;
  }

  /**
   * Adds changes, each with the next number.
   *
   * @return the number of the last
   */
  long write(StoreBatch batch, Collection<SyncedChange> changes) {
    Map<String, Long> earlier = new HashMap<>();
    long next = last;
    for (SyncedChange change : changes) {
      next++;
      byte[] id = IdRange.utf8(change.id());
      Long before = earlier.put(change.id(), next);
      byte[] row = before == null ? spaces.store.get(spaces.latest, id) : number(before);
      if (row != null) {
        batch.delete(spaces.changes, row);
      }
      batch.put(spaces.latest, id, number(next));
      byte[] named =
          ByteBuffer.allocate(1 + id.length).put(change.deleted() ? DELETED : 0).put(id).array();
      batch.put(spaces.changes, number(next), named);
      spaces.set(batch, change);
    }
    batch.put(spaces.meta, LAST, number(next));
    return next;
  }

  /** Remembers what was written. */
  void reached(long now) {
    last = now;
  }

  ChangePage changes(String cid, int limit) {
    long from = number(cid);
    // Read before the rows are: what changes meanwhile moves behind it, and comes later.
    byte[] beyond = number(last + 1);
    long at = from;
    List<SyncedChange> changes = new ArrayList<>();
    long bytes = 0;
    boolean more = false;
    try (StoreSnapshot snapshot = spaces.store.snapshot();
        StoreCursor rows =
            snapshot.range(spaces.changes, KeyRange.between(number(from + 1), beyond))) {
      while (!more && rows.advance()) {
        if (changes.size() == limit || bytes >= MAX_PAGE_BYTES) {
          more = true;
        } else {
          at = ByteBuffer.wrap(rows.key()).getLong();
          byte[] row = rows.value();
          String id = Keyspaces.text(Arrays.copyOfRange(row, 1, row.length));
          if (row[0] == DELETED) {
            changes.add(SyncedChange.del(id));
          } else {
            byte[] json = snapshot.get(spaces.documents, IdRange.utf8(id));
            if (json == null) {
              throw new CorruptionException("the changes of the server", "no document " + id);
            }
            changes.add(SyncedChange.put(id, Body.ofCheckedJson(json)));
            bytes += json.length;
          }
        }
      }
    }
    return new ChangePage(cid(at), changes, more);
  }
}
