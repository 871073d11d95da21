package io.millrace.engine.read;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.api.CommitFilter;
import io.millrace.api.History;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.DocumentTree;
import io.millrace.api.document.Moment;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.index.TreeLoader;
import io.millrace.engine.log.RecordReader;
import io.millrace.engine.revision.Leaves;
import io.millrace.engine.revision.RevisionTree;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The past of buckets and of the whole database. Safe for use by many threads. */
public final class HistoryReader {
  private final DocumentIndex index;
  private final RecordReader records;
  private final TreeLoader trees;
  private final DocumentReader documents;
  private final Moments moments;
  private final BlameReader blames;

  public HistoryReader(
      DocumentIndex index,
      RecordReader records,
      TreeLoader trees,
      DocumentReader documents,
      Moments moments) {
    this.index = index;
    this.records = records;
    this.trees = trees;
    this.documents = documents;
    this.moments = moments;
    this.blames = new BlameReader(index, records);
  }

  /** The commits of all buckets. */
  public Cursor<Commit> commits(SequenceRange range, CommitFilter filter) {
    SequenceRange within = moments.within(range, filter);
    return new CommitCursor(new CommitCursor.Everything(), records, within, filter);
  }

  /**
   * The past of the bucket called {@code name}.
   *
   * @param ensureOpen called first, to refuse what comes after closing
   */
  public History of(String name, Runnable ensureOpen) {
    return new OfBucket(name, ensureOpen);
  }

  private final class OfBucket implements History {
    private final String name;
    private final Runnable ensureOpen;

    OfBucket(String name, Runnable ensureOpen) {
      this.name = name;
      this.ensureOpen = ensureOpen;
    }

    @Override
    public Cursor<Commit> commits(SequenceRange range, CommitFilter filter) {
      ensureOpen.run();
      SequenceRange within = moments.within(range, filter);
      return new CommitCursor(
          new BucketCommits(index, name, moments.last(), range.reverse()), records, within, filter);
    }

    @Override
    public Optional<DocumentTree> tree(String id) {
      DocumentId.require(id);
      ensureOpen.run();
      BucketState bucket = index.buckets().named(name);
      DocumentRow row = bucket == null ? null : index.row(bucket.number(), id);
      return bucket == null || row == null
          ? Optional.empty()
          : Optional.of(described(id, trees.tree(bucket.number(), id, row)));
    }

    @Override
    public Optional<Blame> blame(String id, Moment moment) {
      DocumentId.require(id);
      ensureOpen.run();
      BucketState bucket =
          moment instanceof Moment.AtRevision
              ? index.buckets().named(name)
              : index.buckets().namedAt(name, moments.resolve(moment));
      Optional<Document> document = at(id, moment);
      return bucket == null ? Optional.empty() : document.map(state -> blames.of(bucket, state));
    }

    @Override
    public ArrayNode patch(String id, Moment from, Moment to) {
      DocumentId.require(id);
      ensureOpen.run();
      Document before = at(id, from).filter(state -> !state.deleted()).orElse(null);
      Document after = at(id, to).filter(state -> !state.deleted()).orElse(null);
      if (before == null && after == null) {
        throw new NotFoundException(
            "document-missing",
            "there is no document " + id + " in " + name + " at " + from + ", nor at " + to);
      }
      if (before == null || after == null) {
        return after == null ? JsonDifference.removed() : JsonDifference.added(after.body());
      }
      return JsonDifference.between(before.body(), after.body());
    }

    /** The state at a moment; it must be a moment of the database or, as a revision, of it. */
    private Optional<Document> at(String id, Moment moment) {
      if (moment instanceof Moment.AtRevision at) {
        Optional<Document> found = documents.revision(name, id, at.revision());
        if (found.isEmpty()) {
          throw Moments.unknown(
              "the document " + id + " of " + name + " has no revision " + at.revision());
        }
        return found;
      }
      return documents.winnerAt(name, id, moments.resolveOrBeginning(moment));
    }

    @Override
    public Cursor<Difference> differences(
        Moment from, Moment to, Set<Difference.Kind> kinds, boolean bodies) {
      ensureOpen.run();
      long first = moments.resolveOrBeginning(from);
      long second = moments.resolveOrBeginning(to);
      BucketState before = index.buckets().namedAt(name, first);
      BucketState after = index.buckets().namedAt(name, second);
      return new DifferenceCursor(
          documents,
          records,
          before,
          after,
          index.changedBetween(before, first, after, second, records),
          kinds,
          bodies);
    }
  }

  private static DocumentTree described(String id, RevisionTree tree) {
    List<RevisionTree.Node> nodes = new ArrayList<>(tree.nodes());
    Collections.reverse(nodes);
    Set<@Nullable Object> parents = new HashSet<>();
    nodes.forEach(node -> parents.add(node.parent()));
    Leaves leaves = tree.leaves();
    return new DocumentTree(
        id,
        leaves.get(0).revision(),
        leaves.get(0).deleted(),
        leaves.conflicts(),
        nodes.stream()
            .map(
                node ->
                    new DocumentTree.KnownRevision(
                        node.revision(),
                        node.parent(),
                        node.sequence(),
                        node.deleted(),
                        !parents.contains(node.revision())))
            .toList());
  }
}
