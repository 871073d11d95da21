package io.millrace.view.index;

import io.millrace.api.document.Body;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a document has by the values at some paths in it. For one thread at a time.
 *
 * <p>Without a wildcard there is one row. With one, there is a row for each element; paths that
 * share their beginning up to the wildcard take their values from the same element, and different
 * wildcards give all combinations, those of the last changing fastest. Of rows with equal keys only
 * the first is kept.
 *
 * <p>A document of more than {@value #MOST_ROWS} rows, of more than {@value #MOST_COMBINATIONS}
 * combinations, of several rows that have more than {@value #MOST_BYTES} bytes together, or whose
 * elements take too long to combine, fails. What is counted depends on the document alone.
 */
public final class PathRows {
  /** The most rows of one document. */
  public static final int MOST_ROWS = 1_000;

  /** The most combinations of elements that are looked at in one document. */
  public static final int MOST_COMBINATIONS = 100_000;

  /** About a second; elements that make no rows cost time, too. */
  private static final long MOST_WALKED = 1L << 30;

  /** The most bytes of keys and values of a document with several rows. */
  public static final int MOST_BYTES = 16 << 20;

  /**
   * What a row is made of.
   *
   * @param key the paths to the key, at least one
   * @param compound whether the key is an array of the values; otherwise there is one path
   * @param value the path to the value; null for none. It may have no wildcard but those of a path
   *     of the key
   * @param members the paths to the members of the value, which is an object then; empty for none
   * @param nullWhenMissing whether null stands for a value of the key that is not there; otherwise
   *     there is no row. It always does in the value
   */
  public record Shape(
      List<MemberPath> key,
      boolean compound,
      @Nullable MemberPath value,
      Map<String, MemberPath> members,
      boolean nullWhenMissing) {
    /** Makes an unchangeable shape. */
    public Shape {
      if (key.isEmpty() || !compound && key.size() > 1 || value != null && !members.isEmpty()) {
        throw new IllegalArgumentException("contradictory rows");
      }
      key = List.copyOf(key);
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  private final PathTree tree = new PathTree();
  private final RowText key;
  private final RowText value;
  private final PathScan scan;
  private final ByteSink row = new ByteSink(256);
  private final List<IndexRow> rows = new ArrayList<>();
  private final Set<ByteBuffer> keys = new HashSet<>();
  private String id = "";
  private @Nullable Revision revision;
  private int combinations;
  private long bytes;

  /** Rows of this shape. */
  public PathRows(Shape shape) {
    boolean required = !shape.nullWhenMissing();
    key = RowText.key(shape, path -> tree.add(path, required));
    value = RowText.value(shape, path -> tree.add(path, false));
    tree.finish();
    scan = new PathScan(tree);
  }

  /** The rows of a document, or why it has none. */
  public DocumentRows of(String documentId, Revision documentRevision, Body body) {
    id = documentId;
    revision = documentRevision;
    combinations = 0;
    bytes = 0;
    rows.clear();
    keys.clear();
    scan.look(body.json());
    try {
      scope(tree.document(), 0, this::add);
      return DocumentRows.of(documentId, List.copyOf(rows));
    } catch (InvalidRequestException e) {
      return DocumentRows.failed(documentId, e.getMessage());
    }
  }

  /** Calls {@code then} for each combination of the values of {@code scope} at {@code start}. */
  private void scope(PathTree.Scope scope, int start, Runnable then) {
    scan.find(scope, start);
    for (int slot : scope.required()) {
      if (scan.start(slot) < 0) {
        return;
      }
    }
    inner(scope, 0, then);
  }

  private void inner(PathTree.Scope scope, int number, Runnable then) {
    PathTree.Scope[] inner = scope.inner();
    if (number == inner.length) {
      then.run();
      return;
    }
    PathTree.Scope elements = inner[number];
    int array = scan.start(elements.arraySlot());
    int element = array < 0 ? -1 : scan.firstElement(array);
    if (element < 0) {
      if (!elements.isNeeded()) {
        scan.clear(elements);
        inner(scope, number + 1, then);
      }
      return;
    }
    Runnable next = number + 1 == inner.length ? then : () -> inner(scope, number + 1, then);
    for (; element >= 0; element = scan.nextElement(element)) {
      if (scan.walked() > MOST_WALKED) {
        throw tooMuch("has too many elements to combine");
      }
      scope(elements, element, next);
    }
  }

  private void add() {
    if (++combinations > MOST_COMBINATIONS) {
      throw tooMuch("has more than " + MOST_COMBINATIONS + " combinations of elements");
    }
    row.clear();
    key.write(id, revision, scan, row);
    int keyEnd = row.length();
    value.write(id, revision, scan, row);
    IndexRow made = IndexRow.keyed(row.array(), 0, keyEnd, keyEnd, row.length());
    bytes += row.length();
    if (tree.document().inner().length > 0 && !keys.add(ByteBuffer.wrap(made.collated()))) {
      return;
    }
    rows.add(made);
    if (rows.size() > MOST_ROWS) {
      throw tooMuch("has more than " + MOST_ROWS + " rows");
    }
    if (rows.size() > 1 && bytes > MOST_BYTES) {
      throw tooMuch("has rows of more than " + MOST_BYTES + " bytes together");
    }
  }

  private static InvalidRequestException tooMuch(String what) {
    return new InvalidRequestException("too-many-rows", "the document " + what);
  }
}
