package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.filter.JsonOrder;
import io.millrace.view.index.filter.ValuePath;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

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

  /** An item with what it is sorted by. */
  private record Keyed(Item item, List<JsonNode> values) {}

  /** All items of {@code unsorted}, in order. */
  Iterator<Item> sort(Stage.Source unsorted, Budget budget) {
    List<Keyed> items = new ArrayList<>();
    for (Item item = unsorted.next(); item != null; item = unsorted.next()) {
      JsonNode value = item.value();
      List<JsonNode> values = new ArrayList<>(keys.size() + 1);
      long bytes = 0;
      for (Key key : keys) {
        values.add(key.path().in(value));
        bytes += Budget.bytesOf(values.get(values.size() - 1));
      }
      values.add(item.id());
      budget.takeRow(bytes + Budget.bytesOf(item.id()) + item.bytes());
      items.add(new Keyed(item.unread(), List.copyOf(values)));
    }
    items.sort(order());
    return items.stream().map(Keyed::item).iterator();
  }

  private Comparator<Keyed> order() {
    return (left, right) -> {
      for (int i = 0; i < keys.size(); i++) {
        int order = keys.get(i).compare(left.values().get(i), right.values().get(i));
        if (order != 0) {
          return order;
        }
      }
      int last = keys.size();
      int order = JsonOrder.INSTANCE.compare(left.values().get(last), right.values().get(last));
      return isDescending() ? -order : order;
    };
  }
}
