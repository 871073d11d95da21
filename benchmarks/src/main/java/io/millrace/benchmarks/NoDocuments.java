package io.millrace.benchmarks;

import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;
import org.jspecify.annotations.Nullable;

/** For views that see what they are given alone. */
final class NoDocuments implements Documents {
  @Override
  public @Nullable Document find(String id, StoreReader reader) {
    return null;
  }

  @Override
  public Cursor<Document> range(KeyRange ids, StoreReader reader) {
    throw new IllegalStateException("this view looks at no other documents");
  }
}
