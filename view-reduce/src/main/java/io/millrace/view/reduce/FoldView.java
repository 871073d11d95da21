package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ViewContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state that a fold over all changes of a bucket has reached. It is written with each batch.
 *
 * <p>Of each document, the last change that failed is kept among the errors, also when a later
 * change of it did not fail: it is missing from the state for ever.
 */
final class FoldView implements View {
  private final FoldRun run;
  private final String initial;
  private final StoreReader present;
  private final Keyspace keyspace;
  private final Map<String, ViewMethod> methods;

  FoldView(FoldRun run, String initial, ViewContext context) {
    this.run = run;
    this.initial = initial;
    this.present = context.reader();
    this.keyspace = context.keyspace();
    this.methods =
        Map.of(
            "get",
            new ViewMethod.Async(Set.of(), (arguments, reader) -> answer(state(reader))),
            "value",
            new ViewMethod.Async(
                Set.of(), (arguments, reader) -> JsonTexts.read(state(reader).json())),
            "rows",
            // Not to be followed: as the input of another query, the state is of no document.
            new ViewMethod.Source(
                Set.of(), (arguments, reader) -> new OneRow(row("", state(reader)))),
            "stream",
            new ViewMethod.Source(
                Set.of(),
                (arguments, reader) -> new OneRow(row("", state(reader))),
                (arguments, documents, reader) -> changed(documents, reader)));
  }

  @Override
  public ViewInput input() {
    return ViewInput.CHANGES;
  }

  @Override
  public void apply(ViewBatch batch, StoreBatch target) throws InterruptedException {
    List<Change> changes = batch.changes();
    if (changes.isEmpty()) {
      return;
    }
    FoldState before = state(present);
    Map<Change, String> failures = new IdentityHashMap<>();
    String json = run.fold(before.json(), changes, failures);
    long sequence = changes.get(changes.size() - 1).sequence();
    byte[] stored = new FoldState(sequence, json).write();
    target.put(keyspace, GroupLayout.STATE_KEY, stored);
    Totals totals = Totals.read(present.get(keyspace, GroupLayout.TOTALS_KEY));
    totals.rows = 1;
    totals.bytes = stored.length;
    totals.errors += writeErrors(changes, failures, target);
    target.put(keyspace, GroupLayout.TOTALS_KEY, totals.write());
  }

  /** Writes the failures; answers how many documents are new among the errors. */
  private int writeErrors(List<Change> changes, Map<Change, String> failures, StoreBatch target) {
    Map<String, String> messages = new LinkedHashMap<>();
    for (Change change : changes) {
      String failure = failures.get(change);
      if (failure != null) {
        messages.put(change.id(), "change " + change.sequence() + ": " + failure);
      }
    }
    List<byte[]> keys = new ArrayList<>(messages.size());
    messages.keySet().forEach(id -> keys.add(GroupLayout.documentKey(GroupLayout.ERROR, id)));
    List<byte @Nullable []> known = present.getAll(keyspace, keys);
    int added = 0;
    int at = 0;
    for (String message : messages.values()) {
      added += known.get(at) == null ? 1 : 0;
      target.put(keyspace, keys.get(at++), ErrorCursor.message(message));
    }
    return added;
  }

  private FoldState state(StoreReader reader) {
    byte[] stored = reader.get(keyspace, GroupLayout.STATE_KEY);
    return stored == null ? new FoldState(0, initial) : FoldState.read(stored);
  }

  private static JsonNode answer(FoldState state) {
    return JsonNodeFactory.instance
        .objectNode()
        .<ObjectNode>set("value", JsonTexts.read(state.json()))
        .put("sequence", state.sequence());
  }

  /** The state as a row, whose key is the sequence that it has reached. */
  private static Row row(String documentId, FoldState state) {
    byte[] key = Long.toString(state.sequence()).getBytes(StandardCharsets.US_ASCII);
    byte[] value = state.json().getBytes(StandardCharsets.UTF_8);
    return new Row(documentId, false, key, value, key);
  }

  /**
   * The state behind the changes of some documents. There is one for all of them, so it is told as
   * the row of the last.
   */
  private Cursor<Row> changed(Collection<String> documents, StoreReader reader) {
    String last = null;
    for (String document : documents) {
      last = document;
    }
    return new OneRow(last == null ? null : row(last, state(reader)));
  }

  @Override
  public Map<String, ViewMethod> methods() {
    return methods;
  }

  @Override
  public ViewStatistics statistics(StoreReader reader) {
    return Totals.read(reader.get(keyspace, GroupLayout.TOTALS_KEY)).statistics();
  }

  @Override
  public Cursor<DocumentError> errors(StoreReader reader) {
    KeyRange range = KeyRange.prefix(new byte[] {GroupLayout.ERROR});
    return new ErrorCursor(reader.range(keyspace, range));
  }

  @Override
  public void close() {
    // Threads and sandboxes belong to the factory.
  }

  /** One row, or none. */
  private static final class OneRow implements Cursor<Row> {
    private @Nullable Row next;
    private @Nullable Row current;

    OneRow(@Nullable Row row) {
      this.next = row;
    }

    @Override
    public boolean advance() {
      current = next;
      next = null;
      return current != null;
    }

    @Override
    public Row current() {
      if (current == null) {
        throw new IllegalStateException("not on a row");
      }
      return current;
    }

    @Override
    public void close() {
      next = null;
      current = null;
    }
  }
}
