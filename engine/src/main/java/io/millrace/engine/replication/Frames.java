package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.record.BinaryReader;
import io.millrace.engine.record.BinaryWriter;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Bye;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.Hello;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.Ping;
import io.millrace.engine.replication.Message.Pong;
import io.millrace.engine.replication.Message.Refused;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.Message.Welcome;
import io.millrace.engine.replication.OfferedDocument.Offered;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of messages, as {@code docs/formats/replication.md} describes them. Bytes that are no
 * message are found out, whatever they are, without more memory than they have themselves.
 */
final class Frames {
  /** Servers with another one do not understand each other. */
  static final int MAJOR = 1;

  /** A later one may add fields behind those of this one, and messages. */
  static final int MINOR = 0;

  private static final int MAGIC_1 = 'M';
  private static final int MAGIC_2 = 'R';

  private static final int HELLO = 1;
  private static final int WELCOME = 2;
  private static final int REFUSED = 3;
  private static final int ASK_CHANGES = 4;
  private static final int TELL_CHANGES = 5;
  private static final int ASK_REVISIONS = 6;
  private static final int TELL_REVISIONS = 7;
  private static final int FAILED = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int BYE = 11;

  private static final int MUTUAL = 1;
  private static final int FULL_HISTORY = 1;
  private static final int DELETED = 1;
  private static final int AUTHOR = 1;
  private static final int MESSAGE = 2;

  private Frames() {}

  /** The frame of {@code message}. */
  static byte[] encode(Message message) {
    BinaryWriter out = new BinaryWriter(expectedBytes(message));
    out.octet(MAGIC_1).octet(MAGIC_2).octet(MAJOR).octet(MINOR);
    if (message instanceof Hello hello) {
      out.octet(HELLO).int64(hello.attempt());
      identity(out, hello.identity());
      out.octet(hello.mutual() ? MUTUAL : 0);
    } else if (message instanceof Welcome welcome) {
      out.octet(WELCOME).int64(welcome.attempt()).int64(welcome.session());
      identity(out, welcome.identity());
    } else if (message instanceof Refused refused) {
      out.octet(REFUSED).int64(refused.attempt()).text(refused.code()).text(refused.reason());
    } else if (message instanceof AskChanges ask) {
      out.octet(ASK_CHANGES).int64(ask.session()).varint(ask.request()).varint(ask.after());
      selection(out, ask.selection());
      out.varint(ask.limit()).varint(ask.waitMillis());
      anchor(out, ask.expected());
    } else if (message instanceof TellChanges tell) {
      out.octet(TELL_CHANGES).int64(tell.session()).varint(tell.request()).varint(tell.since());
      changes(out, tell.changes());
    } else if (message instanceof AskRevisions ask) {
      out.octet(ASK_REVISIONS).int64(ask.session()).varint(ask.request());
      selection(out, ask.selection());
      out.varint(ask.maxBytes());
      wanted(out, ask.wanted());
    } else if (message instanceof TellRevisions tell) {
      out.octet(TELL_REVISIONS).int64(tell.session()).varint(tell.request());
      answer(out, tell.answer());
    } else if (message instanceof Failed failed) {
      out.octet(FAILED).int64(failed.session()).varint(failed.request());
      out.text(failed.code()).text(failed.reason());
    } else if (message instanceof Ping ping) {
      out.octet(PING).int64(ping.session());
    } else if (message instanceof Pong pong) {
      out.octet(PONG).int64(pong.session()).varint(pong.since());
    } else if (message instanceof Bye bye) {
      out.octet(BYE).int64(bye.session()).text(bye.reason());
    }
    return out.toBytes();
  }

  private static int expectedBytes(Message message) {
    if (message instanceof TellRevisions tell) {
      long bytes = 64;
      for (Sent sent : tell.answer().sent()) {
        bytes += 96 + sent.body().length() + 16L * sent.path().size();
      }
      return (int) Math.min(bytes, Integer.MAX_VALUE - 64);
    }
    return message instanceof TellChanges tell ? 64 + 64 * tell.changes().documents().size() : 256;
  }

  private static void identity(BinaryWriter out, Identity identity) {
    uuid(out, identity.database());
    uuid(out, identity.incarnation().id());
    out.varint(identity.since()).text(identity.name());
    out.text(identity.address() == null ? "" : identity.address());
    out.text(identity.key() == null ? "" : identity.key());
  }

  private static void uuid(BinaryWriter out, UUID uuid) {
    out.int64(uuid.getMostSignificantBits()).int64(uuid.getLeastSignificantBits());
  }

  private static void selection(BinaryWriter out, Selection selection) {
    out.octet(selection.fullHistory() ? FULL_HISTORY : 0).varint(selection.buckets().size());
    selection.buckets().forEach(out::text);
  }

  private static void anchor(BinaryWriter out, Anchor anchor) {
    out.varint(anchor.sequence()).raw(anchor.digest().bytes());
  }

  private static void changes(BinaryWriter out, Replica.Changes changes) {
    out.varint(changes.to());
    anchor(out, changes.anchor());
    out.int64(changes.timeMillis());
    Map<String, Integer> buckets = new LinkedHashMap<>();
    changes.documents().forEach(each -> buckets.putIfAbsent(each.bucket(), buckets.size()));
    out.varint(buckets.size());
    buckets.keySet().forEach(out::text);
    out.varint(changes.documents().size());
    for (OfferedDocument document : changes.documents()) {
      out.varint(buckets.get(document.bucket())).text(document.id());
      out.varint(document.revisions().size());
      for (Offered offered : document.revisions()) {
        revision(out, offered.revision()).varint(offered.sequence());
      }
    }
  }

  private static BinaryWriter revision(BinaryWriter out, Revision revision) {
    return out.varint(revision.generation()).digest(revision);
  }

  private static void wanted(BinaryWriter out, List<Wanted> all) {
    out.varint(all.size());
    for (Wanted wanted : all) {
      revision(out.varint(wanted.sequence()), wanted.revision()).varint(wanted.known().size());
      wanted.known().forEach(known -> revision(out, known));
    }
  }

  private static void answer(BinaryWriter out, Replica.Answer answer) {
    out.varint(answer.answered());
    Map<String, Integer> buckets = new LinkedHashMap<>();
    Map<Attribution, Integer> attributions = new LinkedHashMap<>();
    for (Sent sent : answer.sent()) {
      buckets.putIfAbsent(sent.bucket(), buckets.size());
      attributions.putIfAbsent(sent.attribution(), attributions.size());
    }
    out.varint(buckets.size());
    buckets.keySet().forEach(out::text);
    out.varint(attributions.size());
    attributions.keySet().forEach(attribution -> attribution(out, attribution));
    out.varint(answer.sent().size());
    for (Sent sent : answer.sent()) {
      out.varint(sent.sequence()).varint(buckets.get(sent.bucket()));
      out.varint(attributions.get(sent.attribution())).octet(sent.deleted() ? DELETED : 0);
      revision(out.text(sent.id()), sent.revision()).varint(sent.path().size() - 1);
      for (int i = 1; i < sent.path().size(); i++) {
        out.digest(sent.path().get(i));
      }
      out.sized(sent.body().json());
    }
  }

  private static void attribution(BinaryWriter out, Attribution attribution) {
    String author = attribution.author();
    String message = attribution.message();
    out.octet((author == null ? 0 : AUTHOR) | (message == null ? 0 : MESSAGE));
    if (author != null) {
      out.text(author);
    }
    if (message != null) {
      out.text(message);
    }
    Origin origin = attribution.origin();
    if (origin == null) {
      throw new IllegalArgumentException("a revision without an origin");
    }
    uuid(out, origin.database());
    out.int64(origin.time().toEpochMilli());
  }

  /**
   * The message in {@code frame}.
   *
   * @return null for a message that a later minor version has and this one does not know
   * @throws UnsupportedException (code {@code other-version}) when the major version is another one
   * @throws io.millrace.api.error.CorruptionException when it is no frame
   */
  static @Nullable Message decode(byte[] frame) {
    BinaryReader in = new BinaryReader("frame", frame);
    if (in.octet() != MAGIC_1 || in.octet() != MAGIC_2) {
      throw in.damaged("no frame of replication");
    }
    int major = in.octet();
    if (major != MAJOR) {
      throw new UnsupportedException(
          "other-version",
          "the peer speaks version " + major + " of the protocol; this server speaks " + MAJOR);
    }
    int minor = in.octet();
    Message message = decodeMessage(in.octet(), in);
    if (message == null && minor <= MINOR) {
      throw in.damaged("an unknown message");
    }
    if (message != null && minor <= MINOR && in.remaining() > 0) {
      throw in.damaged("more than a message");
    }
    return message;
  }

  private static @Nullable Message decodeMessage(int type, BinaryReader in) {
    return switch (type) {
      case HELLO -> new Hello(in.int64(), identity(in), (in.octet() & MUTUAL) != 0);
      case WELCOME -> new Welcome(in.int64(), in.int64(), identity(in));
      case REFUSED -> new Refused(in.int64(), in.text(), in.text());
      case ASK_CHANGES ->
          new AskChanges(
              in.int64(),
              in.varint(),
              in.varint(),
              selection(in),
              in.count(Integer.MAX_VALUE),
              in.count(Integer.MAX_VALUE),
              anchor(in));
      case TELL_CHANGES -> tellChanges(in);
      case ASK_REVISIONS -> askRevisions(in);
      case TELL_REVISIONS -> new TellRevisions(in.int64(), in.varint(), answer(in));
      case FAILED -> new Failed(in.int64(), in.varint(), in.text(), in.text());
      case PING -> new Ping(in.int64());
      case PONG -> new Pong(in.int64(), in.varint());
      case BYE -> new Bye(in.int64(), in.text());
      default -> null;
    };
  }

  private static Identity identity(BinaryReader in) {
    UUID database = uuid(in);
    Incarnation incarnation = new Incarnation(uuid(in));
    long since = in.varint();
    String name = in.text();
    String address = in.text();
    String key = in.text();
    return new Identity(
        database,
        incarnation,
        since,
        name,
        address.isEmpty() ? null : address,
        key.isEmpty() ? null : key);
  }

  private static UUID uuid(BinaryReader in) {
    return new UUID(in.int64(), in.int64());
  }

  private static Selection selection(BinaryReader in) {
    boolean fullHistory = (in.octet() & FULL_HISTORY) != 0;
    return new Selection(texts(in), fullHistory);
  }

  private static List<String> texts(BinaryReader in) {
    int count = in.count(in.remaining());
    List<String> texts = new ArrayList<>(Math.min(count, 16));
    for (int i = 0; i < count; i++) {
      texts.add(in.text());
    }
    return texts;
  }

  private static Anchor anchor(BinaryReader in) {
    return new Anchor(in.varint(), CommitDigest.of(in.raw(CommitDigest.BYTES)));
  }

  private static TellChanges tellChanges(BinaryReader in) {
    long session = in.int64();
    long request = in.varint();
    long since = in.varint();
    long to = in.varint();
    Anchor anchor = anchor(in);
    long timeMillis = in.int64();
    List<String> buckets = texts(in);
    int count = in.count(in.remaining());
    List<OfferedDocument> documents = new ArrayList<>(Math.min(count, 1_000));
    for (int i = 0; i < count; i++) {
      String bucket = element(buckets, in);
      String id = in.text();
      int revisions = in.count(in.remaining() / Revision.DIGEST_BYTES);
      List<Offered> offered = new ArrayList<>(Math.min(revisions, 16));
      for (int j = 0; j < revisions; j++) {
        offered.add(new Offered(revision(in), in.varint()));
      }
      documents.add(new OfferedDocument(bucket, id, offered));
    }
    return new TellChanges(
        session, request, new Replica.Changes(documents, to, anchor, timeMillis), since);
  }

  private static <T> T element(List<T> all, BinaryReader in) {
    int index = in.count(Integer.MAX_VALUE);
    if (index >= all.size()) {
      throw in.damaged("element " + index + " of " + all.size());
    }
    return all.get(index);
  }

  private static Revision revision(BinaryReader in) {
    return in.revision(in.count(Integer.MAX_VALUE));
  }

  private static AskRevisions askRevisions(BinaryReader in) {
    long session = in.int64();
    long request = in.varint();
    Selection selection = selection(in);
    long maxBytes = in.varint();
    int count = in.count(in.remaining() / Revision.DIGEST_BYTES);
    List<Wanted> wanted = new ArrayList<>(Math.min(count, 1_000));
    for (int i = 0; i < count; i++) {
      long sequence = in.varint();
      Revision revision = revision(in);
      int leaves = in.count(in.remaining() / Revision.DIGEST_BYTES);
      List<Revision> known = new ArrayList<>(Math.min(leaves, 16));
      for (int j = 0; j < leaves; j++) {
        known.add(revision(in));
      }
      wanted.add(new Wanted(sequence, revision, known));
    }
    return new AskRevisions(session, request, wanted, selection, maxBytes);
  }

  private static Replica.Answer answer(BinaryReader in) {
    int answered = in.count(Integer.MAX_VALUE);
    List<String> buckets = texts(in);
    int authors = in.count(in.remaining());
    List<Attribution> attributions = new ArrayList<>(Math.min(authors, 16));
    for (int i = 0; i < authors; i++) {
      attributions.add(attribution(in));
    }
    int count = in.count(in.remaining() / Revision.DIGEST_BYTES);
    List<Sent> all = new ArrayList<>(Math.min(count, 1_000));
    for (int i = 0; i < count; i++) {
      all.add(sent(in, buckets, attributions));
    }
    return new Replica.Answer(all, answered);
  }

  private static Attribution attribution(BinaryReader in) {
    int present = in.octet();
    String author = (present & AUTHOR) == 0 ? null : in.text();
    String message = (present & MESSAGE) == 0 ? null : in.text();
    return new Attribution(author, message, new Origin(uuid(in), Instant.ofEpochMilli(in.int64())));
  }

  private static Sent sent(BinaryReader in, List<String> buckets, List<Attribution> attributions) {
    long sequence = in.varint();
    String bucket = element(buckets, in);
    Attribution attribution = element(attributions, in);
    boolean deleted = (in.octet() & DELETED) != 0;
    String id = in.text();
    Revision revision = revision(in);
    int ancestors = in.count(in.remaining() / Revision.DIGEST_BYTES);
    List<Revision> path = new ArrayList<>(Math.min(ancestors, 1_000) + 1);
    path.add(revision);
    for (int i = 1; i <= ancestors; i++) {
      path.add(in.revision(revision.generation() - i));
    }
    byte[] body = in.raw(in.count(in.remaining()));
    return new Sent(sequence, bucket, id, path, deleted, Body.ofCheckedJson(body), attribution);
  }
}
