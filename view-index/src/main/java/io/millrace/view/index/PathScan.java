package io.millrace.view.index;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.millrace.api.error.InternalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the values at the paths of a {@link PathTree} in compact, checked JSON, without building a
 * tree of it. For one thread.
 */
final class PathScan {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** To look into a value costs as much as to walk over so many bytes. */
  private static final int VISIT_BYTES = 64;

  private final int[] starts;
  private final int[] ends;
  private byte[] json = {};
  private int at;
  private long walked;

  /** Behind its value nothing is looked for, so it need not be walked over to its end. */
  private PathTree.@Nullable Node outermost;

  PathScan(PathTree tree) {
    this.starts = new int[tree.slots()];
    this.ends = new int[tree.slots()];
  }

  /** Takes {@code text} as what is looked into from now on. */
  void look(byte[] text) {
    json = text;
    walked = 0;
  }

  /** The effort since {@link #look}, about in bytes that were walked over. */
  long walked() {
    return walked;
  }

  /** Where the value of a slot begins; negative when there is none. */
  int start(int slot) {
    return starts[slot];
  }

  /** Adds the JSON of the value of a slot to {@code out}. */
  void copy(int slot, ByteSink out) {
    out.put(json, starts[slot], ends[slot]);
  }

  /** Finds the values of {@code scope}, but not of those within, below the value at a place. */
  void find(PathTree.Scope scope, int start) {
    clear(scope);
    at = start;
    outermost = scope.root().slot() < 0 ? scope.root() : null;
    value(scope.root());
    walked += VISIT_BYTES + at - start;
  }

  /** Leaves the slots of {@code scope}, and of those within, without values. */
  void clear(PathTree.Scope scope) {
    for (int slot : scope.allSlots()) {
      starts[slot] = -1;
    }
  }

  /** Where the first element of the array at {@code start} begins; negative when there is none. */
  int firstElement(int start) {
    return json[start] == '[' && json[start + 1] != ']' ? start + 1 : -1;
  }

  /** Where the element behind the one at {@code start} begins; negative when there is none. */
  int nextElement(int start) {
    at = start;
    skip();
    walked += at - start;
    return json[at] == ',' ? at + 1 : -1;
  }

  private void value(PathTree.Node node) {
    int start = at;
    if (json[start] == '{' && node.members().length > 0) {
      object(node);
    } else if (json[start] == '[' && node.elements().length > 0) {
      array(node);
    } else {
      skip();
    }
    if (node.slot() >= 0) {
      starts[node.slot()] = start;
      ends[node.slot()] = at;
    }
  }

  private void object(PathTree.Node node) {
    PathTree.Node[] members = node.members();
    byte[][] names = node.names();
    int missing = members.length;
    at++;
    while (json[at] != '}') {
      int nameStart = at + 1;
      boolean plain = skipString();
      int nameEnd = at - 1;
      int valueStart = at + 1;
      boolean found = false;
      for (int i = 0; i < members.length; i++) {
        if (plain
            ? equals(names[i], nameStart, nameEnd)
            : unescaped(names[i], nameStart, nameEnd)) {
          at = valueStart;
          value(members[i]);
          found = true;
          missing--;
        }
      }
      if (missing == 0) {
        if (node != outermost) {
          leave();
        }
        return;
      }
      if (!found) {
        at = valueStart;
        skip();
      }
      if (json[at] == ',') {
        at++;
      }
    }
    at++;
  }

  private boolean equals(byte[] name, int start, int end) {
    return name.length == end - start && Arrays.equals(name, 0, name.length, json, start, end);
  }

  private boolean unescaped(byte[] name, int start, int end) {
    try (JsonParser parser = FACTORY.createParser(json, start - 1, end - start + 2)) {
      parser.nextToken();
      return new String(name, StandardCharsets.UTF_8).equals(parser.getText());
    } catch (IOException e) {
      throw new InternalException("unreadable-body", "a checked body is not JSON", e);
    }
  }

  private void array(PathTree.Node node) {
    PathTree.Node[] elements = node.elements();
    int[] indexes = node.indexes();
    int size = node.countsFromEnd() ? size() : 0;
    int element = 0;
    at++;
    while (json[at] != ']') {
      int start = at;
      boolean found = false;
      for (int i = 0; i < elements.length; i++) {
        int wanted = indexes[i] < 0 ? size + indexes[i] : indexes[i];
        if (wanted == element) {
          at = start;
          value(elements[i]);
          found = true;
        }
      }
      if (!found) {
        skip();
      }
      if (json[at] == ',') {
        at++;
      }
      element++;
    }
    at++;
  }

  /** How many elements the array here has; stays where it is. */
  private int size() {
    int start = at;
    int size = 0;
    at++;
    while (json[at] != ']') {
      skip();
      size++;
      if (json[at] == ',') {
        at++;
      }
    }
    at = start;
    return size;
  }

  /** Goes behind the value here. */
  private void skip() {
    byte first = json[at];
    if (first == '"') {
      skipString();
    } else if (first == '{' || first == '[') {
      at++;
      leave();
    } else {
      byte b = first;
      while (b != ',' && b != '}' && b != ']') {
        b = json[++at];
      }
    }
  }

  /** Goes behind the end of the object or array here, of which the beginning was passed. */
  private void leave() {
    int depth = 1;
    while (depth > 0) {
      byte b = json[at];
      if (b == '"') {
        skipString();
        continue;
      }
      if (b == '{' || b == '[') {
        depth++;
      } else if (b == '}' || b == ']') {
        depth--;
      }
      at++;
    }
  }

  /** Goes behind the string here; answers whether it has no escapes. */
  private boolean skipString() {
    boolean plain = true;
    byte[] text = json;
    int i = at + 1;
    byte b = text[i];
    while (b != '"') {
      if (b == '\\') {
        plain = false;
        i++;
      }
      b = text[++i];
    }
    at = i + 1;
    return plain;
  }
}
