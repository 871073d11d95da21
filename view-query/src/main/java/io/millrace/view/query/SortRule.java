package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.filter.JsonOrder;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * An order of items: by the values at some paths, then, for items made of one document, by the ids
 * of the documents in the direction of the last path. Immutable.
 */
record SortRule(List<Key> keys) {
  private static final int MOST_KEYS = 32;

  /** A path to sort by. */
  record Key(ValuePath path, boolean descending) {
    int compare(JsonNode left, JsonNode right) {
      int order = JsonOrder.INSTANCE.compare(left, right);
      return descending ? -order : order;
    }
  }

  static SortRule parse(JsonNode text, String place) {
    if (!text.isArray() || text.isEmpty() || text.size() > MOST_KEYS) {
      throw Refused.at(
          place,
          "must be an array of 1 to "
              + MOST_KEYS
              + " paths, such as [\"year\",{\"path\":\"title\",\"descending\":true}]");
    }
    List<Key> keys = new ArrayList<>(text.size());
    for (JsonNode key : text) {
      keys.add(key(key, place + "[" + keys.size() + "]"));
    }
    return new SortRule(List.copyOf(keys));
  }

  private static Key key(JsonNode text, String place) {
    if (!text.isObject()) {
      return new Key(ValuePath.parse(text, place), false);
    }
    boolean descending = false;
    for (Map.Entry<String, JsonNode> member : text.properties()) {
      String inside = place + "." + member.getKey();
      if (member.getKey().equals("descending")) {
        if (!member.getValue().isBoolean()) {
          throw Refused.at(inside, "must be true or false");
        }
        descending = member.getValue().booleanValue();
      } else if (!member.getKey().equals("path")) {
        throw Refused.at(inside, "is not known; there are path and descending");
      }
    }
    if (!text.has("path")) {
      throw Refused.at(place, "the member path is needed");
    }
    return new Key(ValuePath.parse(text.get("path"), place + ".path"), descending);
  }

  /** Whether all paths are sorted by in one direction. */
  boolean isOneWay() {
    return keys.stream().allMatch(key -> key.descending() == isDescending());
  }

  /** The direction of the last path. */
  boolean isDescending() {
    return keys.get(keys.size() - 1).descending();
  }

  List<ValuePath> paths() {
    return keys.stream().map(Key::path).toList();
  }

  /**
   * An item with what it is sorted by: the values at the paths, the id, and how many came before.
   */
  private record Keyed(Item item, List<JsonNode> values, long number) {
    /** How much memory it takes, roughly. */
    long bytes() {
      return item.bytes() + values.stream().mapToLong(Budget::bytesOf).sum();
    }
  }

  /**
   * The first items of {@code unsorted} in this order; no more than these are held at a time.
   *
   * @param most how many, 1 or more
   */
  Iterator<Item> sort(Stage.Source unsorted, long most, Budget budget) {
    Comparator<Keyed> order = this::compare;
    List<Keyed> first = new ArrayList<>();
    long number = 0;
    Item item = unsorted.next();
    for (; item != null && first.size() < most; item = unsorted.next()) {
      Keyed keyed = keyed(item, number++);
      budget.takeRow(keyed.bytes());
      first.add(keyed);
    }
    if (item != null) {
      PriorityQueue<Keyed> lastFirst = new PriorityQueue<>(order.reversed());
      lastFirst.addAll(first);
      first.clear();
      for (; item != null; item = unsorted.next()) {
        replaceLast(lastFirst, keyed(item, number++), budget);
      }
      first.addAll(lastFirst);
    }
    first.sort(order);
    return first.stream().map(Keyed::item).iterator();
  }

  private void replaceLast(PriorityQueue<Keyed> lastFirst, Keyed keyed, Budget budget) {
    Keyed last = lastFirst.element();
    if (compare(keyed, last) < 0) {
      lastFirst.remove();
      budget.giveBackRow(last.bytes());
      budget.takeRow(keyed.bytes());
      lastFirst.add(keyed);
    }
  }

  private Keyed keyed(Item item, long number) {
    JsonNode value = item.value();
    List<JsonNode> values = new ArrayList<>(keys.size() + 1);
    for (Key key : keys) {
      values.add(key.path().in(value));
    }
    values.add(item.id());
    return new Keyed(item.unread(), List.copyOf(values), number);
  }

  private int compare(Keyed left, Keyed right) {
    for (int i = 0; i < keys.size(); i++) {
      int order = keys.get(i).compare(left.values().get(i), right.values().get(i));
      if (order != 0) {
        return order;
      }
    }
    int last = keys.size();
    int order = JsonOrder.INSTANCE.compare(left.values().get(last), right.values().get(last));
    order = isDescending() ? -order : order;
    return order == 0 ? Long.compare(left.number(), right.number()) : order;
  }
}
