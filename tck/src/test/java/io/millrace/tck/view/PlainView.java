package io.millrace.tck.view;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewBatch;
import io.millrace.api.view.ViewInput;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewStatistics;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.ViewContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row for each string in one member of a document, and of the array in it; right, or wrong in one
 * way.
 *
 * <p>Rows lie at {@code r}, string, 0, id, 0, number; the keys of a document's rows at {@code d},
 * id; errors at {@code e}, id; totals at {@code t}; and at {@code s}, when the view has settled,
 * how many rows there are.
 */
final class PlainView implements View {
  private static final byte[] TOTALS = {'t'};
  private static final byte[] SETTLED = {'s'};
  private static final Set<String> RANGE = Set.of("term", "start", "end");
  private static final Set<String> ALL =
      Set.of("term", "start", "end", "limit", "reverse", "after");

  private final String field;
  private final @Nullable Flaw flaw;
  private final ModuleContext module;
  private final StoreReader present;
  private final Keyspace keyspace;
  private final List<String> met;
  private final Map<String, byte[]> remembered = new HashMap<>();
  private long seen;
  private int thrownAway;

  PlainView(
      String field,
      @Nullable Flaw flaw,
      ModuleContext module,
      ViewContext context,
      List<String> met) {
    this.field = field;
    this.flaw = flaw;
    this.module = module;
    this.present = context.reader();
    this.keyspace = context.keyspace();
    this.met = met;
  }

  @Override
  public ViewInput input() {
    return ViewInput.DOCUMENTS;
  }

  @Override
  public void apply(ViewBatch changes, StoreBatch batch) throws InterruptedException {
    long[] totals = totals(present);
    for (Change change : changes.changes()) {
      if (Thread.interrupted()) {
        if (flaw == Flaw.FORGETS_THE_REST_WHEN_INTERRUPTED) {
          break;
        }
        throw new InterruptedException();
      }
      List<String> strings = List.of();
      String failure = null;
      try {
        strings = change.deleted() ? List.of() : strings(change);
      } catch (InvalidRequestException e) {
        if (flaw == Flaw.ERROR_STOPS_THE_BATCH) {
          throw e;
        }
        failure = e.getMessage();
      }
      takeBack(change, failure != null, totals, batch);
      add(change, strings, changes.changes().size(), totals, batch);
      if (failure != null) {
        totals[2]++;
        batch.put(keyspace, Bytes.of('e', change.id()), Bytes.utf8(failure));
        if (flaw == Flaw.ERROR_SKIPS_THE_REST_OF_THE_BATCH) {
          break;
        }
      }
    }
    if (flaw == Flaw.COUNTS_WHAT_WAS_THROWN_AWAY) {
      totals[1] += thrownAway++;
    }
    batch.put(keyspace, TOTALS, Bytes.utf8(totals[0] + " " + totals[1] + " " + totals[2]));
    batch.delete(keyspace, SETTLED);
  }

  private List<String> strings(Change change) {
    JsonNode value = change.body().tree().path(field);
    List<String> strings = new ArrayList<>();
    for (JsonNode one : value.isArray() ? value : List.of(value)) {
      if (one.isTextual()) {
        strings.add(one.textValue());
      }
    }
    if (strings.stream().anyMatch(one -> one.indexOf(0) >= 0 || one.length() > 1_000)) {
      throw new InvalidRequestException("no-string", "a string is too long or has a NUL");
    }
    return strings;
  }

  private void takeBack(Change change, boolean failed, long[] totals, StoreBatch batch) {
    boolean keeps =
        flaw == Flaw.FORGETS_OLD_ROWS
            || (flaw == Flaw.LEAVES_ROWS_OF_DELETED_DOCUMENTS && change.deleted())
            || (flaw == Flaw.ERROR_KEEPS_OLD_ROWS && failed);
    byte[] listKey = Bytes.of('d', change.id());
    byte[] list =
        flaw == Flaw.REMEMBERS_ROWS_IN_MEMORY
            ? remembered.remove(change.id())
            : present.get(keyspace, listKey);
    if (list != null && !keeps) {
      for (byte[] key : Bytes.list(list)) {
        batch.delete(keyspace, key);
        totals[0]--;
        totals[1] -= flaw == Flaw.TOTALS_DRIFT ? 0 : key.length;
      }
      batch.delete(keyspace, listKey);
    }
    byte[] errorKey = Bytes.of('e', change.id());
    if (present.get(keyspace, errorKey) != null
        && !(flaw == Flaw.ERROR_STAYS_WHEN_MENDED && !failed)) {
      batch.delete(keyspace, errorKey);
      totals[2]--;
    }
  }

  private void add(
      Change change, List<String> strings, int together, long[] totals, StoreBatch batch) {
    List<byte[]> keys = new ArrayList<>();
    for (String string : strings) {
      String text = flaw == Flaw.USES_THE_LOCALE ? string.toUpperCase(Locale.getDefault()) : string;
      byte[] key = Bytes.of('r', text + "\0" + change.id() + "\0" + (char) keys.size());
      keys.add(key);
      met.add(string);
      batch.put(keyspace, key, Bytes.utf8(value(together)));
      totals[0]++;
      totals[1] += key.length;
    }
    seen++;
    if (!keys.isEmpty()) {
      remembered.put(change.id(), Bytes.list(keys));
      batch.put(keyspace, Bytes.of('d', change.id()), Bytes.list(keys));
    }
  }

  private String value(int together) {
    if (flaw == null) {
      return "true";
    }
    return switch (flaw) {
      case USES_THE_CLOCK -> Long.toString(module.clock().millis());
      case USES_RANDOMNESS -> Integer.toString(module.random().nextInt());
      case SHARES_STATE_BETWEEN_BUILDS -> Integer.toString(met.size());
      case DEPENDS_ON_BATCH_BOUNDARIES -> Integer.toString(together);
      case DEPENDS_ON_DOCUMENTS_SEEN_BEFORE -> Long.toString(seen);
      default -> "true";
    };
  }

  @Override
  public boolean settle(StoreBatch batch) {
    if (present.get(keyspace, SETTLED) != null || flaw == Flaw.LEAVES_WORK_TO_SETTLE && seen > 1) {
      return false;
    }
    long count = totals(present)[0] + (flaw == Flaw.SETTLING_CHANGES_AN_ANSWER ? 1 : 0);
    batch.put(keyspace, SETTLED, Bytes.utf8(Long.toString(count)));
    return true;
  }

  @Override
  public Map<String, ViewMethod> methods() {
    Map<String, ViewMethod> methods = new HashMap<>();
    methods.put("rows", new ViewMethod.Source(ALL, this::rows, this::changed));
    if (flaw != Flaw.METHODS_COME_WITH_ROWS || totals(present)[0] > 0) {
      methods.put("count", new ViewMethod.Async(RANGE, this::count));
    }
    return methods;
  }

  private JsonNode count(ViewArguments arguments, StoreReader reader) {
    byte[] settled = reader.get(keyspace, SETTLED);
    return settled != null && arguments.names().isEmpty()
        ? LongNode.valueOf(Long.parseLong(Answers.utf8(settled)))
        : LongNode.valueOf(Answers.gather(rows(arguments, reader)).size());
  }

  private Cursor<Row> rows(ViewArguments arguments, StoreReader reader) {
    boolean reverse = arguments.flag("reverse");
    long limit =
        flaw == Flaw.TAKES_ANY_LIMIT && "-1".equals(arguments.text("limit"))
            ? Long.MAX_VALUE
            : arguments.count("limit", Long.MAX_VALUE);
    KeyRange range = range(arguments);
    byte[] after = after(arguments.text("after"));
    if (after != null) {
      boolean again = flaw == Flaw.PAGES_REPEAT_A_ROW && limit > 1;
      byte[] behind = Arrays.copyOf(after, after.length + 1);
      range =
          reverse
              ? KeyRange.between(range.from(), again ? behind : after)
              : KeyRange.between(again ? after : behind, range.to());
    }
    StoreReader read = flaw == Flaw.READS_BESIDE_THE_SNAPSHOT ? present : reader;
    return new PlainRows(
        read.range(keyspace, range.reversed(reverse != (flaw == Flaw.WRONG_ORDER))),
        reverse && flaw == Flaw.REVERSE_IGNORES_THE_LIMIT ? Long.MAX_VALUE : limit,
        flaw == Flaw.CURSOR_GIVES_ROWS_TOO_EARLY);
  }

  private KeyRange range(ViewArguments arguments) {
    JsonNode term = arguments.json("term");
    if (term != null) {
      byte[] key = Bytes.bound(term);
      return term.isTextual()
          ? KeyRange.prefix(Arrays.copyOf(key, key.length + 1))
          : KeyRange.between(key, key);
    }
    JsonNode start = arguments.json("start");
    JsonNode end = arguments.json("end");
    byte[] from = start == null ? new byte[] {'r'} : Bytes.bound(start);
    byte[] to = end == null ? new byte[] {'r' + 1} : Bytes.bound(end);
    if (start != null && end != null && JsonOrder.compare(start, end) > 0) {
      throw new InvalidRequestException("invalid-parameter", "'start' lies after 'end'");
    }
    if (flaw == Flaw.END_IS_INCLUDED && end != null && end.isTextual()) {
      to = Bytes.of('r', end.textValue() + "\1");
    }
    return KeyRange.between(from, to);
  }

  private static byte @Nullable [] after(@Nullable String text) {
    try {
      return text == null ? null : Bytes.position(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("invalid-parameter", "'after' is no position");
    }
  }

  private Cursor<Row> changed(ViewArguments arguments, Collection<String> ids, StoreReader reader) {
    for (String name : List.of("limit", "reverse", "after")) {
      if (arguments.has(name)) {
        throw new InvalidRequestException("invalid-parameter", "not followed with " + name);
      }
    }
    List<Row> rows = new ArrayList<>();
    KeyRange range = range(arguments);
    for (String id : ids) {
      byte[] list = reader.get(keyspace, Bytes.of('d', id));
      for (byte[] key : list == null ? List.<byte[]>of() : Bytes.list(list)) {
        if (range.contains(key) || flaw == Flaw.CHANGED_ROWS_IGNORE_THE_QUESTION) {
          rows.add(PlainRows.row(key, reader.get(keyspace, key)));
        }
        if (flaw == Flaw.CHANGED_ROWS_ARE_INCOMPLETE) {
          break;
        }
      }
    }
    return new ListCursor<>(rows);
  }

  private long[] totals(StoreReader reader) {
    byte[] stored = reader.get(keyspace, TOTALS);
    String text = stored == null ? "0 0 0" : Answers.utf8(stored);
    return Arrays.stream(text.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  @Override
  public ViewStatistics statistics(StoreReader reader) {
    long[] totals = totals(reader);
    return new ViewStatistics(totals[0], totals[1], totals[2]);
  }

  @Override
  public Cursor<DocumentError> errors(StoreReader reader) {
    List<DocumentError> errors = new ArrayList<>();
    try (StoreCursor stored = reader.range(keyspace, KeyRange.prefix(new byte[] {'e'}))) {
      while (stored.advance()) {
        String id = Answers.utf8(stored.key()).substring(1);
        errors.add(new DocumentError(id, Answers.utf8(stored.value())));
      }
    }
    return new ListCursor<>(errors);
  }

  @Override
  public void close() {}

  /** What lies where. */
  static final class Bytes {
    private Bytes() {}

    static byte[] utf8(String text) {
      return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    static byte[] of(char kind, String text) {
      return utf8(kind + text);
    }

    /** Where the rows at a value would begin; all other values lie before or behind strings. */
    static byte[] bound(JsonNode value) {
      if (value.isTextual()) {
        return of('r', value.textValue());
      }
      return new byte[] {(byte) (value.isContainerNode() ? 'r' + 1 : 'r')};
    }

    static byte[] position(String text) {
      return java.util.Base64.getUrlDecoder().decode(text);
    }

    static byte[] list(List<byte[]> keys) {
      List<String> texts = keys.stream().map(HexFormat.of()::formatHex).toList();
      return utf8(String.join(" ", texts));
    }

    static List<byte[]> list(byte[] stored) {
      return Arrays.stream(Answers.utf8(stored).split(" ")).map(HexFormat.of()::parseHex).toList();
    }
  }
}
