package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentKey;
import io.millrace.engine.index.DocumentRow;
import io.millrace.engine.replication.OfferedDocument.Offered;
import io.millrace.engine.revision.RevisionTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells which of the revisions that a peer has are not here. Safe for use by many threads. */
final class MissingRevisions {
  private final DocumentIndex index;
  private final PresentTrees trees;

  MissingRevisions(DocumentIndex index, PresentTrees trees) {
    this.index = index;
    this.trees = trees;
  }

  /** As {@link Replica#missing}. */
  List<Wanted> of(List<OfferedDocument> documents, Selection selection) {
    Map<String, @Nullable Integer> buckets = new HashMap<>();
    for (OfferedDocument document : documents) {
      if (!buckets.containsKey(document.bucket()) && selection.includes(document.bucket())) {
        BucketState bucket = index.buckets().named(document.bucket());
        buckets.put(document.bucket(), bucket == null ? null : bucket.number());
      }
    }
    List<OfferedDocument> selected =
        documents.stream()
            .filter(document -> buckets.containsKey(document.bucket()))
            .filter(document -> Selection.travels(document.id()))
            .toList();
    List<DocumentKey> keys = new ArrayList<>();
    for (OfferedDocument document : selected) {
      Integer bucket = buckets.get(document.bucket());
      if (bucket != null) {
        keys.add(new DocumentKey(bucket, document.id()));
      }
    }
    List<@Nullable DocumentRow> rows = index.rows(keys);
    List<Wanted> wanted = new ArrayList<>();
    int next = 0;
    for (OfferedDocument document : selected) {
      DocumentRow row = null;
      DocumentKey key = null;
      if (buckets.get(document.bucket()) != null) {
        key = keys.get(next);
        row = rows.get(next++);
      }
      if (key == null || row == null) {
        document.revisions().forEach(all -> wanted.add(wanted(all, List.of())));
      } else {
        addMissing(wanted, document, key, row, selection.fullHistory());
      }
    }
    return wanted;
  }

  private void addMissing(
      List<Wanted> wanted,
      OfferedDocument document,
      DocumentKey key,
      DocumentRow row,
      boolean fullHistory) {
    List<Revision> leaves = new ArrayList<>(row.leaves().size());
    int highest = 0;
    for (int i = 0; i < row.leaves().size(); i++) {
      Revision leaf = row.leaves().get(i).revision();
      leaves.add(leaf);
      highest = Math.max(highest, leaf.generation());
    }
    RevisionTree tree = null;
    for (Offered offered : document.revisions()) {
      Revision revision = offered.revision();
      if (leaves.contains(revision)) {
        continue;
      }
      // Ancestors have lower generations than what was made from them.
      if (revision.generation() < highest) {
        tree = tree == null ? trees.of(key, row) : tree;
        RevisionTree.Node node = tree.node(revision);
        if (node != null && !(fullHistory && node.stub())) {
          continue;
        }
      }
      wanted.add(wanted(offered, leaves));
    }
  }

  private static Wanted wanted(Offered offered, List<Revision> known) {
    return new Wanted(offered.sequence(), offered.revision(), known);
  }
}
