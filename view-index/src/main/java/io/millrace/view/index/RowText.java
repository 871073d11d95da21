package io.millrace.view.index;

import io.millrace.api.document.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** How the JSON of a key or a value is put together from values of a document. Immutable. */
final class RowText {
  private static final int ID = -1;
  private static final int REVISION = -2;
  private static final byte[] NULL = {'n', 'u', 'l', 'l'};

  /** What stands before each value, and behind the last one. */
  private final byte[][] texts;

  /** The slot of each value, or that it is no value of the body. */
  private final int[] slots;

  private RowText(List<String> texts, List<Integer> slots) {
    this.texts =
        texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    this.slots = slots.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The text of keys; {@code slots} gives each path of the body its slot. */
  static RowText key(PathRows.Shape shape, ToIntFunction<MemberPath> slots) {
    List<String> texts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (MemberPath path : shape.key()) {
      texts.add(!shape.compound() ? "" : texts.isEmpty() ? "[" : ",");
      places.add(place(path, slots));
    }
    texts.add(shape.compound() ? "]" : "");
    return new RowText(texts, places);
  }

  /** The text of values. */
  static RowText value(PathRows.Shape shape, ToIntFunction<MemberPath> slots) {
    if (shape.value() != null) {
      return new RowText(List.of("", ""), List.of(place(shape.value(), slots)));
    }
    if (shape.members().isEmpty()) {
      return new RowText(List.of("null"), List.of());
    }
    List<String> texts = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    for (Map.Entry<String, MemberPath> member : shape.members().entrySet()) {
      byte[] name = JsonStrings.quoted(member.getKey());
      texts.add((texts.isEmpty() ? "{" : ",") + new String(name, StandardCharsets.UTF_8) + ":");
      places.add(place(member.getValue(), slots));
    }
    texts.add("}");
    return new RowText(texts, places);
  }

  private static int place(MemberPath path, ToIntFunction<MemberPath> slots) {
    if (path.metadata() == null) {
      return slots.applyAsInt(path);
    }
    return path.metadata().equals("id") ? ID : REVISION;
  }

  /** Writes the text with the values that {@code scan} has found. */
  void write(String id, @Nullable Revision revision, PathScan scan, ByteSink out) {
    for (int i = 0; i < slots.length; i++) {
      out.put(texts[i]);
      int slot = slots[i];
      if (slot == ID) {
        out.put(JsonStrings.quoted(id));
      } else if (slot == REVISION) {
        out.put(JsonStrings.quoted(String.valueOf(revision)));
      } else if (scan.start(slot) < 0) {
        out.put(NULL);
      } else {
        scan.copy(slot, out);
      }
    }
    out.put(texts[slots.length]);
  }
}
