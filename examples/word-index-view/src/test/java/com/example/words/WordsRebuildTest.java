package com.example.words;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Revision;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.tck.Seed;
import io.millrace.tck.view.BucketDocuments;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The promise on which recovery rests: any split of the changes into batches gives the same. */
final class WordsRebuildTest {
  private static final List<String> WORDS = List.of("alien", "man", "third", "the", "vertigo");

  private static final Revision REVISION = Revision.parse("1-0123456789abcdef0123456789abcdef");

  @Test
  void anySplitIntoBatchesGivesTheSameRows() throws InterruptedException {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<Change> changes = changes(random);
    List<String> oneByOne = rowsAfter(changes, () -> 1);
    assertThat(oneByOne).isNotEmpty();
    assertThat(rowsAfter(changes, () -> 1 + random.nextInt(50))).as("%s", seed).isEqualTo(oneByOne);
  }

  /** How many changes the next batch has. */
  private interface BatchSizes {
    int next();
  }

  private static List<Change> changes(Random random) {
    Commit commit = new Commit(1, 500, CommitKind.WRITE, Instant.EPOCH, Attribution.none(), 500);
    List<Change> changes = new ArrayList<>();
    for (int sequence = 1; sequence <= 500; sequence++) {
      ObjectNode film = JsonNodeFactory.instance.objectNode();
      StringBuilder title = new StringBuilder();
      for (int words = random.nextInt(4); words > 0; words--) {
        title.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
      }
      film.put("title", title.toString());
      boolean deleted = random.nextInt(5) == 0;
      String id = Integer.toString(random.nextInt(40));
      changes.add(
          new Change(sequence, "films", id, REVISION, null, deleted, commit, Body.of(film)));
    }
    return changes;
  }

  private static List<String> rowsAfter(List<Change> changes, BatchSizes sizes)
      throws InterruptedException {
    ModuleContext context =
        new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none());
    StoreProvider memory =
        Modules.find("store", StoreProvider.class, WordsRebuildTest.class.getClassLoader())
            .named("memory");
    WordsProvider words = new WordsProvider();
    ObjectNode members = JsonNodeFactory.instance.objectNode().put("field", "title");
    try (Store store = memory.open(Settings.defaults(memory.settings()), context);
        ViewFactory factory = words.open(Settings.defaults(words.settings()), context)) {
      Keyspace keyspace = store.keyspace("view");
      ViewDefinition definition = new ViewDefinition("films", "titles", words.name(), members);
      try (View view = factory.open(definition, new ViewContext(store, keyspace, new BucketDocuments()))) {
        for (int next = 0; next < changes.size(); ) {
          int end = Math.min(changes.size(), next + sizes.next());
          apply(changes.subList(next, end), view, store);
          next = end;
        }
      }
      return rows(store, keyspace);
    }
  }

  /**
   * As the engine does it: of each document the last change, and never fresh, to be on the safe
   * side.
   */
  private static void apply(List<Change> changes, View view, Store store)
      throws InterruptedException {
    Map<String, Change> last = new LinkedHashMap<>();
    for (Change change : changes) {
      last.remove(change.id());
      last.put(change.id(), change);
    }
    try (StoreBatch batch = store.batch()) {
      view.apply(new ViewBatch(List.copyOf(last.values()), false), batch);
      store.write(batch);
    }
  }

  private static List<String> rows(Store store, Keyspace keyspace) {
    List<String> rows = new ArrayList<>();
    try (StoreCursor cursor = store.range(keyspace, KeyRange.all())) {
      while (cursor.advance()) {
        HexFormat hex = HexFormat.of();
        rows.add(hex.formatHex(cursor.key()) + '=' + hex.formatHex(cursor.value()));
      }
    }
    return rows;
  }
}
