package io.millrace.engine.maintenance;

import io.millrace.api.BucketInfo;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.Store;
import io.millrace.engine.index.BucketState;
import io.millrace.engine.index.DocumentIndex;
import io.millrace.engine.index.DocumentIndex.Listed;
import io.millrace.engine.revision.Leaf;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is in an index: the present state of all documents.
 *
 * @param documents live ones
 * @param deleted those whose winner is a tombstone
 * @param digest SHA-256 over the names and all leaves of the documents of all buckets, definitions
 *     of queries included; a leaf's digest covers its body. The same wherever the same was written
 */
public record IndexContent(int buckets, long documents, long deleted, String digest) {
  /** Reads through the index in {@code store}. */
  static IndexContent of(Store store) {
    DocumentIndex index = new DocumentIndex(store);
    ContentDigest digest = new ContentDigest();
    long documents = 0;
    long deleted = 0;
    List<BucketInfo> infos = index.buckets().infos();
    for (BucketInfo info : infos) {
      BucketState bucket = index.buckets().named(info.name());
      if (bucket == null) {
        throw new CorruptionException("keyspace meta", "a bucket is gone: " + info.name());
      }
      digest.add(utf8(info.name()));
      long live = 0;
      long tombstones = 0;
      try (Cursor<Listed> rows = index.documents(bucket.number(), new byte[0], null, false)) {
        while (rows.advance()) {
          Listed listed = rows.current();
          add(digest, listed);
          if (!listed.id().startsWith("_")) {
            live += listed.row().leaves().live() ? 1 : 0;
            tombstones += listed.row().leaves().live() ? 0 : 1;
          }
        }
      }
      requireEqual(info, live, tombstones);
      documents += live;
      deleted += tombstones;
    }
    return new IndexContent(infos.size(), documents, deleted, digest.hex());
  }

  private static void add(ContentDigest digest, Listed listed) {
    digest.add(utf8(listed.id()));
    for (int i = 0; i < listed.row().leaves().size(); i++) {
      Leaf leaf = listed.row().leaves().get(i);
      digest.add(utf8(leaf.revision() + (leaf.deleted() ? " deleted" : "")));
    }
  }

  private static void requireEqual(BucketInfo info, long live, long tombstones) {
    if (info.documents() != live || info.deleted() != tombstones) {
      throw new CorruptionException(
          "keyspace meta, bucket " + info.name(),
          "it counts "
              + info.documents()
              + " documents and "
              + info.deleted()
              + " deleted ones, but there are "
              + live
              + " and "
              + tombstones);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
