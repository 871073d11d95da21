package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ViewContext;
import io.millrace.view.index.RowCursor;
import io.millrace.view.index.RowQuery;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates of groups of documents.
 *
 * <p>Of each document is kept what it contributed, so that it can be taken back; of each group the
 * numbers that result. All of it depends on the present documents alone.
 */
final class GroupView implements View {
  private final GroupDefinition definition;
  private final DocumentReader documents;
  private final GroupAnswer answer;
  private final StoreReader present;
  private final Keyspace keyspace;
  private final Map<String, ViewMethod> methods;

  GroupView(GroupDefinition definition, ViewContext context) {
    this.definition = definition;
    this.documents = new DocumentReader(definition);
    this.present = context.reader();
    this.keyspace = context.keyspace();
    this.answer = new GroupAnswer(definition, keyspace);
    this.methods =
        Map.of(
            "rows",
            new ViewMethod.Source(
                RowQuery.PARAMETERS,
                (arguments, reader) -> rows(RowQuery.parse(arguments), reader)),
            "get",
            new ViewMethod.Async(Set.of("key"), this::get),
            "count",
            new ViewMethod.Async(
                RowQuery.RANGE_PARAMETERS,
                (arguments, reader) -> LongNode.valueOf(count(arguments, reader))));
  }

  @Override
  public ViewInput input() {
    return ViewInput.DOCUMENTS;
  }

  @Override
  public void apply(ViewBatch batch, StoreBatch target) throws InterruptedException {
    List<Change> changes = batch.changes();
    List<byte[]> keys = new ArrayList<>(changes.size());
    changes.forEach(change -> keys.add(GroupLayout.documentKey(GroupLayout.DOCUMENT, change.id())));
    List<byte @Nullable []> known = batch.fresh() ? List.of() : present.getAll(keyspace, keys);
    Totals totals = Totals.read(present.get(keyspace, GroupLayout.TOTALS_KEY));
    GroupBatch groups = new GroupBatch(definition.columns(), present, keyspace);
    for (int i = 0; i < changes.size(); i++) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      byte[] before = batch.fresh() ? null : known.get(i);
      apply(changes.get(i), keys.get(i), before, groups, totals, target);
    }
    groups.write(totals, target);
    target.put(keyspace, GroupLayout.TOTALS_KEY, totals.write());
  }

  private void apply(
      Change change,
      byte[] key,
      byte @Nullable [] before,
      GroupBatch groups,
      Totals totals,
      StoreBatch target) {
    List<Contribution> contributions = List.of();
    byte[] after = null;
    String failure = null;
    if (!change.deleted()) {
      try {
        contributions = documents.read(change);
        GroupBatch.requireShort(contributions, definition.columns());
        after = contributions.isEmpty() ? null : Contribution.write(contributions);
      } catch (InvalidRequestException e) {
        failure = e.getMessage();
        contributions = List.of();
        after = Contribution.failed();
      }
    }
    boolean failedBefore = before != null && Contribution.isFailed(before);
    writeError(change, failure, failedBefore, totals, target);
    if (Arrays.equals(before, after)) {
      return;
    }
    if (before != null && !failedBefore) {
      groups.add(Contribution.read(before, definition.columns().size()), true);
    }
    groups.add(contributions, false);
    if (after == null) {
      target.delete(keyspace, key);
    } else {
      target.put(keyspace, key, after);
    }
  }

  private void writeError(
      Change change,
      @Nullable String failure,
      boolean failedBefore,
      Totals totals,
      StoreBatch target) {
    if (failure == null && !failedBefore) {
      return;
    }
    byte[] key = GroupLayout.documentKey(GroupLayout.ERROR, change.id());
    totals.errors += (failure == null ? 0 : 1) - (failedBefore ? 1 : 0);
    if (failure == null) {
      target.delete(keyspace, key);
    } else {
      target.put(keyspace, key, ErrorCursor.message(failure));
    }
  }

  private Cursor<Row> rows(RowQuery query, StoreReader reader) {
    return new RowCursor(reader, keyspace, query, (key, value) -> row(key, value, reader));
  }

  private Row row(byte[] key, byte[] stored, StoreReader reader) {
    GroupState state = GroupState.read(stored, definition.columns());
    byte[] value = answer.of(state, key, reader).getBytes(StandardCharsets.UTF_8);
    byte[] position = Arrays.copyOfRange(key, 1, key.length);
    return new Row("", false, state.key.getBytes(StandardCharsets.UTF_8), value, position);
  }

  private JsonNode get(ViewArguments arguments, StoreReader reader) {
    JsonNode key = arguments.json("key");
    boolean single = definition.group().isEmpty();
    if (key == null && !single) {
      throw new InvalidRequestException("invalid-parameter", "parameter 'key' is needed");
    }
    JsonNode sought = key == null ? NullNode.getInstance() : key;
    byte[] groupKey = RowQuery.ofKey("key", sought).ranges().get(0).from();
    byte[] stored = reader.get(keyspace, groupKey);
    if (stored == null && !(single && sought.isNull())) {
      throw new NotFoundException("row-not-found", "there is no document in the group " + sought);
    }
    GroupState state =
        stored == null
            ? GroupState.empty("null", definition.columns())
            : GroupState.read(stored, definition.columns());
    return JsonTexts.read(answer.of(state, groupKey, reader));
  }

  private long count(ViewArguments arguments, StoreReader reader) {
    if (arguments.names().isEmpty()) {
      return statistics(reader).rows();
    }
    long count = 0;
    try (Cursor<Row> rows = rows(RowQuery.parse(arguments), reader)) {
      while (rows.advance()) {
        count++;
      }
    }
    return count;
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
    // Nothing is held beside the keyspace.
  }
}
