package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Incarnation;
import io.millrace.engine.revision.Leaf;
import io.millrace.engine.revision.Leaves;
import io.millrace.engine.revision.RevisionDigest;
import io.millrace.engine.revision.RevisionTree;
import io.millrace.engine.revision.RevisionTree.Node;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A database as simple as can be: a list of records with commits and their chain of digests, the
 * revision tree of each document, one row of a view for each winner, and checkpoints. What is in
 * the list is durable, unless the tail is lost; checkpoints may be lost back to any earlier one.
 */
final class ModelDatabase {
  private final UUID id;
  private final Incarnation incarnation;
  private final Clock clock;
  private final List<ModelRecord> log = new ArrayList<>();
  private final SortedMap<DocumentKey, RevisionTree> trees = new TreeMap<>();
  private final Map<DocumentKey, Long> latest = new HashMap<>();
  private final SortedMap<DocumentKey, String> rows = new TreeMap<>();
  private final List<Noted> noted = new ArrayList<>();
  private final RevisionDigest names = new RevisionDigest();
  private final MessageDigest sha256;

  ModelDatabase(UUID id, Incarnation incarnation, Clock clock) {
    this.id = id;
    this.incarnation = incarnation;
    this.clock = clock;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A database with another identity, and with the first records of {@code other}. */
  static ModelDatabase restored(
      UUID id, Incarnation incarnation, ModelDatabase other, int records, int checkpoints) {
    ModelDatabase restored = new ModelDatabase(id, incarnation, other.clock);
    other.log.subList(0, records).forEach(restored::append);
    restored.noted.addAll(other.noted.subList(0, checkpoints));
    return restored;
  }

  /**
   * A write of one document.
   *
   * @param parent null for a new one
   */
  record Write(DocumentKey key, @Nullable Revision parent, boolean deleted, Body body) {}

  /** A checkpoint, and how many records there were when it was noted. */
  private record Noted(UUID source, Selection selection, PullCheckpoint checkpoint, int records) {}

  /** A commit in the making. */
  private record Planned(
      DocumentKey key, List<Revision> path, boolean deleted, Body body, Attribution attribution) {}

  UUID id() {
    return id;
  }

  Incarnation incarnation() {
    return incarnation;
  }

  long since() {
    return log.size();
  }

  ModelRecord record(long sequence) {
    return log.get((int) sequence - 1);
  }

  List<ModelRecord> records() {
    return Collections.unmodifiableList(log);
  }

  Set<DocumentKey> documents() {
    return Collections.unmodifiableSet(trees.keySet());
  }

  RevisionTree tree(DocumentKey key) {
    return trees.getOrDefault(key, RevisionTree.empty());
  }

  /** Where the newest change of a document is; 0 when it has none. */
  long latest(DocumentKey key) {
    return latest.getOrDefault(key, 0L);
  }

  /** What the winners say, as a view has followed them; without those that are deleted. */
  SortedMap<DocumentKey, String> rows() {
    return Collections.unmodifiableSortedMap(rows);
  }

  /** Writes in one commit, and says what was made. */
  List<Revision> commit(List<Write> writes, @Nullable String author, @Nullable String message) {
    Attribution attribution = new Attribution(author, message, new Origin(id, clock.instant()));
    List<Planned> planned = new ArrayList<>();
    for (Write write : writes) {
      Revision made = names.next(write.parent(), write.deleted(), write.body().json());
      if (!tree(write.key()).contains(made) || isStub(write.key(), made)) {
        List<Revision> path =
            write.parent() == null ? List.of(made) : List.of(made, write.parent());
        planned.add(new Planned(write.key(), path, write.deleted(), write.body(), attribution));
      }
    }
    write(planned);
    return planned.stream().map(each -> each.path().get(0)).toList();
  }

  private boolean isStub(DocumentKey key, Revision revision) {
    Node node = tree(key).node(revision);
    return node == null || node.stub();
  }

  /** Inserts what a peer sent: one commit for what has the same attribution in a row. */
  void insert(List<Sent> revisions) {
    List<Planned> planned = new ArrayList<>();
    for (Sent sent : revisions) {
      requireName(sent);
      Planned next =
          new Planned(
              new DocumentKey(sent.bucket(), sent.id()),
              sent.path(),
              sent.deleted(),
              sent.body(),
              sent.attribution());
      if (!planned.isEmpty() && !planned.get(0).attribution().equals(next.attribution())) {
        write(planned);
        planned.clear();
      }
      RevisionTree tree = tree(next.key());
      if (tree.insert(next.path(), next.deleted(), 1) != tree && !isIn(planned, next)) {
        planned.add(next);
      }
    }
    write(planned);
  }

  private static boolean isIn(List<Planned> planned, Planned next) {
    return planned.stream()
        .anyMatch(
            each -> each.key().equals(next.key()) && each.path().get(0).equals(next.path().get(0)));
  }

  private void requireName(Sent sent) {
    List<Revision> path = sent.path();
    Revision revision = sent.revision();
    if (path.size() == 1 && revision.generation() > 1) {
      return;
    }
    Revision parent = path.size() == 1 ? null : path.get(1);
    if (!names.next(parent, sent.deleted(), sent.body().json()).equals(revision)) {
      throw new CorruptionException(sent.bucket() + "/" + sent.id(), "is not " + revision);
    }
  }

  private void write(List<Planned> planned) {
    if (planned.isEmpty()) {
      return;
    }
    CommitDigest previous = log.isEmpty() ? CommitDigest.NONE : log.get(log.size() - 1).digest();
    long now = clock.millis();
    sha256.update(previous.bytes());
    sha256.update(Long.toString(now).getBytes(StandardCharsets.US_ASCII));
    for (Planned each : planned) {
      sha256.update(
          (each.key() + " " + each.path() + each.attribution()).getBytes(StandardCharsets.UTF_8));
    }
    CommitDigest digest = CommitDigest.of(sha256.digest());
    long first = log.size() + 1;
    long last = log.size() + planned.size();
    for (Planned each : planned) {
      append(
          new ModelRecord(
              log.size() + 1,
              each.key(),
              each.path(),
              each.deleted(),
              each.body(),
              each.attribution(),
              now,
              first,
              last,
              digest));
    }
  }

  private void append(ModelRecord record) {
    log.add(record);
    RevisionTree tree =
        tree(record.key()).insert(record.path(), record.deleted(), record.sequence());
    trees.put(record.key(), tree);
    latest.put(record.key(), record.sequence());
    Leaf winner = tree.leaves().winner();
    if (winner == null || winner.deleted()) {
      rows.remove(record.key());
    } else {
      rows.put(record.key(), record(winner.sequence()).body().toString());
    }
  }

  Leaves leaves(DocumentKey key) {
    return tree(key).leaves();
  }

  /** The end of the last commit at or before {@code sequence}. */
  Anchor anchorAt(long sequence) {
    if (sequence == 0) {
      return Anchor.START;
    }
    ModelRecord record = record(sequence);
    long end = record.last() == sequence ? sequence : record.first() - 1;
    return end == 0 ? Anchor.START : new Anchor(end, record(end).digest());
  }

  boolean recognises(Anchor anchor) {
    return anchor.equals(Anchor.START)
        || anchor.sequence() > 0
            && anchor.sequence() <= log.size()
            && anchorAt(anchor.sequence()).equals(anchor);
  }

  @Nullable PullCheckpoint checkpoint(UUID source, Selection selection) {
    for (int i = noted.size() - 1; i >= 0; i--) {
      Noted each = noted.get(i);
      if (each.source().equals(source) && each.selection().equals(selection)) {
        return each.checkpoint();
      }
    }
    return null;
  }

  void note(UUID source, Selection selection, PullCheckpoint checkpoint) {
    noted.add(new Noted(source, selection, checkpoint, log.size()));
  }

  int checkpoints() {
    return noted.size();
  }

  /** Forgets all checkpoints but the first {@code count}. */
  void loseCheckpoints(int count) {
    noted.subList(count, noted.size()).clear();
  }

  /**
   * Loses the commits behind the one that {@code sequence} is in, and the checkpoints that were
   * noted when there was more.
   */
  void loseTail(long sequence) {
    long kept = sequence == 0 ? 0 : record(sequence).last();
    List<ModelRecord> records = List.copyOf(log.subList(0, (int) kept));
    log.clear();
    trees.clear();
    latest.clear();
    rows.clear();
    records.forEach(this::append);
    int checkpoints = 0;
    while (checkpoints < noted.size() && noted.get(checkpoints).records() <= kept) {
      checkpoints++;
    }
    loseCheckpoints(checkpoints);
  }

  /** What {@code revision} of a document says; null when only its name is known, or not even it. */
  @Nullable ModelRecord find(DocumentKey key, Revision revision) {
    Node node = tree(key).node(revision);
    return node == null || node.stub() ? null : record(node.sequence());
  }

  /** Each revision of a document that is here with its body, once. */
  Set<Revision> bodies(DocumentKey key) {
    Set<Revision> bodies = new HashSet<>();
    for (Node node : tree(key).nodes()) {
      if (!node.stub()) {
        bodies.add(node.revision());
      }
    }
    return bodies;
  }
}
