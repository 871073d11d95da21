package io.millrace.engine.record;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One record of the log: the first of a commit with the commit's header, and a change, or what is
 * left of one, or, in a commit without changes, nothing else.
 *
 * @param header null unless this is the first record of its commit
 * @param index the place within its commit, from 0
 * @param change null in a commit without changes, and when it was erased
 * @param erased what is left of a change that was erased; null when there is nothing such
 */
public record LogRecord(
    @Nullable CommitHeader header,
    int index,
    @Nullable StoredChange change,
    @Nullable Erased erased) {
  static final int FORMAT = 2;
  static final int FIRST = 1;
  static final int CHANGE = 2;
  static final int DELETED = 4;
  static final int ERASED = 8;
  static final int PURGE = 16;
  static final int FORGOTTEN = 32;
  private static final int AUTHOR = 1;
  private static final int MESSAGE = 2;
  private static final int TARGET = 4;
  private static final int ORIGIN = 8;
  private static final CommitKind[] KINDS = CommitKind.values();
  private static final byte[] NO_BODY = {};

  /**
   * The change that a record holds.
   *
   * @param bucket the number of the bucket
   * @param path the revision, then its ancestors as far as they were sent along, newest first
   * @param body compact JSON
   * @param purge whether nothing that the document was before counts any more
   * @param forgotten what is left of the body; null when it is there
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record StoredChange(
      int bucket,
      String id,
      List<Revision> path,
      boolean deleted,
      byte[] body,
      boolean purge,
      @Nullable Forgotten forgotten) {
    /** A change of a document. */
    public StoredChange(int bucket, String id, List<Revision> path, boolean deleted, byte[] body) {
      this(bucket, id, path, deleted, body, false);
    }

    /** A change of a document, or its purge. */
    public StoredChange(
        int bucket, String id, List<Revision> path, boolean deleted, byte[] body, boolean purge) {
      this(bucket, id, path, deleted, body, purge, null);
    }

    /** This one without its body. */
    StoredChange forget(CommitDigest digest) {
      return new StoredChange(
          bucket, id, path, deleted, NO_BODY, purge, new Forgotten(body.length, digest));
    }

    /**
     * Compact JSON.
     *
     * @throws NotFoundException when it was forgotten (code {@code forgotten})
     */
    @Override
    public byte[] body() {
      if (forgotten != null) {
        throw new NotFoundException(
            "forgotten",
            "the body of revision "
                + revision()
                + " of the document "
                + id
                + " was forgotten, as its bucket's retention has it");
      }
      return body;
    }

    /** How long the body is, or was. */
    public int bodyBytes() {
      return forgotten == null ? body.length : forgotten.bodyBytes();
    }

    /** The revision that the change made. */
    public Revision revision() {
      return path.get(0);
    }

    /** What it was made from; null for a first revision. */
    public @Nullable Revision parent() {
      return path.size() > 1 ? path.get(1) : null;
    }
  }

  /**
   * What is left of a body that was superseded and forgotten.
   *
   * @param bodyBytes how long it was
   * @param digest what stands for the change in the digest of its commit
   */
  public record Forgotten(int bodyBytes, CommitDigest digest) {}

  /**
   * What is left of a change when its document was purged.
   *
   * @param bucket the number of the bucket
   * @param digest what stands for the change in the digest of its commit
   * @param purged what stands for the id, when the change was the purge itself; null otherwise
   */
  public record Erased(int bucket, CommitDigest digest, @Nullable CommitDigest purged) {
    /** What is left of a change of a document. */
    public Erased(int bucket, CommitDigest digest) {
      this(bucket, digest, null);
    }
  }

  /** A record that holds a change or nothing. */
  public LogRecord(@Nullable CommitHeader header, int index, @Nullable StoredChange change) {
    this(header, index, change, null);
  }

  /** The bytes of this record. */
  public byte[] encode() {
    int expected = change == null ? 96 : 160 + change.body.length + change.path().size() * 16;
    BinaryWriter out = new BinaryWriter(expected);
    out.octet(FORMAT);
    out.octet(
        (header == null ? 0 : FIRST)
            | (change == null ? 0 : CHANGE)
            | (change != null && change.deleted() ? DELETED : 0)
            | (change != null && change.purge() ? PURGE : 0)
            | (change != null && change.forgotten() != null ? FORGOTTEN : 0)
            | (erased == null ? 0 : ERASED)
            | (erased != null && erased.purged() != null ? PURGE : 0));
    if (header == null) {
      out.varint(index);
    } else {
      encodeHeader(out, header);
    }
    if (change != null) {
      encodeChange(out, change);
    } else if (erased != null) {
      encodeErased(out, erased);
    }
    return out.toBytes();
  }

  private static void encodeHeader(BinaryWriter out, CommitHeader header) {
    String author = header.attribution().author();
    String message = header.attribution().message();
    out.octet(header.kind().ordinal());
    out.int64(header.timeMillis());
    out.varint(header.changes());
    Origin origin = header.attribution().origin();
    out.octet(
        (author == null ? 0 : AUTHOR)
            | (message == null ? 0 : MESSAGE)
            | (header.target() == 0 ? 0 : TARGET)
            | (origin == null ? 0 : ORIGIN));
    if (author != null) {
      out.text(author);
    }
    if (message != null) {
      out.text(message);
    }
    if (header.target() != 0) {
      out.varint(header.target());
    }
    if (origin != null) {
      out.int64(origin.database().getMostSignificantBits());
      out.int64(origin.database().getLeastSignificantBits());
      out.int64(origin.time().toEpochMilli());
    }
    out.varint(header.created().size());
    for (CreatedBucket bucket : header.created()) {
      out.varint(bucket.number()).text(bucket.name());
    }
    out.varint(header.dropped().size());
    for (int bucket : header.dropped()) {
      out.varint(bucket);
    }
    out.varint(header.revived().size());
    for (int bucket : header.revived()) {
      out.varint(bucket);
    }
    out.raw(header.previous().bytes());
  }

  private static void encodeChange(BinaryWriter out, StoredChange change) {
    out.varint(change.bucket());
    out.sized(change.id().getBytes(StandardCharsets.UTF_8));
    out.varint(change.revision().generation());
    out.digest(change.revision());
    out.varint(change.path().size() - 1);
    for (int i = 1; i < change.path().size(); i++) {
      out.digest(change.path().get(i));
    }
    Forgotten forgotten = change.forgotten();
    if (forgotten == null) {
      out.raw(change.body);
    } else {
      out.varint(forgotten.bodyBytes());
      out.raw(forgotten.digest().bytes());
    }
  }

  private static void encodeErased(BinaryWriter out, Erased erased) {
    out.varint(erased.bucket());
    if (erased.purged() != null) {
      out.raw(erased.purged().bytes());
    }
    out.raw(erased.digest().bytes());
  }

  /**
   * Reads the record at {@code sequence}.
   *
   * @throws io.millrace.api.error.CorruptionException when the bytes are no record
   * @throws UnsupportedException when a later version wrote them
   */
  public static LogRecord decode(long sequence, byte[] bytes) {
    BinaryReader in = new BinaryReader("log record " + sequence, bytes);
    int flags = decodeFlags(sequence, in);
    CommitHeader header = (flags & FIRST) == 0 ? null : decodeHeader(in);
    int index = header == null ? in.count(Integer.MAX_VALUE) : 0;
    StoredChange change = (flags & CHANGE) == 0 ? null : decodeChange(in, flags);
    Erased erased = (flags & ERASED) == 0 ? null : decodeErased(in, (flags & PURGE) != 0);
    return new LogRecord(header, index, change, erased);
  }

  static int decodeFlags(long sequence, BinaryReader in) {
    int format = in.octet();
    if (format != FORMAT) {
      throw new UnsupportedException(
          "unknown-record-format",
          "log record " + sequence + " has format " + format + "; this version reads " + FORMAT);
    }
    int flags = in.octet();
    if ((flags & CHANGE) != 0 && (flags & ERASED) != 0) {
      throw in.damaged("a change that was erased and is there");
    }
    if ((flags & FORGOTTEN) != 0 && (flags & (CHANGE | PURGE)) != CHANGE) {
      throw in.damaged("a body that was forgotten, but of no change");
    }
    return flags;
  }

  static CommitHeader decodeHeader(BinaryReader in) {
    int kind = in.octet();
    if (kind >= KINDS.length) {
      throw in.damaged("an unknown kind of commit");
    }
    long time = in.int64();
    int changes = in.count(Integer.MAX_VALUE);
    int present = in.octet();
    if (present > (AUTHOR | MESSAGE | TARGET | ORIGIN)) {
      throw in.damaged("an unknown part of a header");
    }
    String author = (present & AUTHOR) == 0 ? null : in.text();
    String message = (present & MESSAGE) == 0 ? null : in.text();
    long target = (present & TARGET) == 0 ? 0 : in.varint();
    Origin origin =
        (present & ORIGIN) == 0
            ? null
            : new Origin(new UUID(in.int64(), in.int64()), Instant.ofEpochMilli(in.int64()));
    int createdCount = in.count(in.remaining());
    List<CreatedBucket> created = new ArrayList<>(Math.min(createdCount, 16));
    for (int i = 0; i < createdCount; i++) {
      created.add(new CreatedBucket(in.count(Integer.MAX_VALUE), in.text()));
    }
    List<Integer> dropped = decodeNumbers(in);
    List<Integer> revived = decodeNumbers(in);
    CommitDigest previous = CommitDigest.of(in.raw(CommitDigest.BYTES));
    Attribution attribution =
        author == null && message == null && origin == null
            ? Attribution.none()
            : new Attribution(author, message, origin);
    return new CommitHeader(
        KINDS[kind], time, attribution, changes, created, dropped, revived, previous, target);
  }

  private static List<Integer> decodeNumbers(BinaryReader in) {
    int count = in.count(in.remaining());
    List<Integer> numbers = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      numbers.add(in.count(Integer.MAX_VALUE));
    }
    return numbers;
  }

  private static Erased decodeErased(BinaryReader in, boolean purge) {
    int bucket = in.count(Integer.MAX_VALUE);
    CommitDigest purged = purge ? CommitDigest.of(in.raw(CommitDigest.BYTES)) : null;
    return new Erased(bucket, CommitDigest.of(in.raw(CommitDigest.BYTES)), purged);
  }

  private static StoredChange decodeChange(BinaryReader in, int flags) {
    int bucket = in.count(Integer.MAX_VALUE);
    String id = in.text();
    int generation = in.count(Integer.MAX_VALUE);
    Revision revision = in.revision(generation);
    int ancestors = in.count(in.remaining() / Revision.DIGEST_BYTES);
    List<Revision> path;
    if (ancestors == 0) {
      path = List.of(revision);
    } else {
      path = new ArrayList<>(ancestors + 1);
      path.add(revision);
      for (int i = 1; i <= ancestors; i++) {
        path.add(in.revision(generation - i));
      }
    }
    boolean deleted = (flags & DELETED) != 0;
    if ((flags & FORGOTTEN) != 0) {
      int bodyBytes = in.count(Integer.MAX_VALUE);
      Forgotten left = new Forgotten(bodyBytes, CommitDigest.of(in.raw(CommitDigest.BYTES)));
      if (in.remaining() > 0) {
        throw in.damaged("more than is left of a body that was forgotten");
      }
      return new StoredChange(bucket, id, path, deleted, NO_BODY, false, left);
    }
    return new StoredChange(bucket, id, path, deleted, in.rest(), (flags & PURGE) != 0);
  }
}
