package io.millrace.tck.store;

import io.millrace.api.range.KeyRange;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreCursor;
import io.millrace.api.store.StoreReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a store should hold: a sorted map for each keyspace, and nothing else. */
final class StoreModel {
  private static final Comparator<byte[]> UNSIGNED = Arrays::compareUnsigned;

  private final Map<String, NavigableMap<byte[], byte[]>> keyspaces = new TreeMap<>();

  /** Everything that {@code store} holds. */
  static StoreModel of(Store store) {
    return of(store, store, store.keyspaces());
  }

  /** What {@code reader} finds in the keyspaces of {@code store} called {@code names}. */
  static StoreModel of(Store store, StoreReader reader, List<String> names) {
    StoreModel model = new StoreModel();
    for (String name : names) {
      try (StoreCursor rows = reader.range(store.keyspace(name), KeyRange.all())) {
        while (rows.advance()) {
          model.put(name, rows.key(), rows.value());
        }
      }
    }
    return model;
  }

  void put(String keyspace, byte[] key, byte[] value) {
    rows(keyspace).put(key, value);
  }

  void delete(String keyspace, byte[] key) {
    rows(keyspace).remove(key);
  }

  void deleteRange(String keyspace, byte[] from, byte @Nullable [] to) {
    if (to == null) {
      rows(keyspace).tailMap(from, true).clear();
    } else if (Arrays.compareUnsigned(from, to) < 0) {
      rows(keyspace).subMap(from, true, to, false).clear();
    }
  }

  void drop(String keyspace) {
    keyspaces.remove(keyspace);
  }

  byte @Nullable [] get(String keyspace, byte[] key) {
    return rows(keyspace).get(key);
  }

  /** The rows of {@code range} in its order, each as {@code key=value} in hex. */
  List<String> rows(String keyspace, KeyRange range) {
    List<String> found = new ArrayList<>();
    rows(keyspace)
        .forEach(
            (key, value) -> {
              if (range.contains(key)) {
                found.add(text(key, value));
              }
            });
    if (range.reverse()) {
      Collections.reverse(found);
    }
    return found;
  }

  /** What {@code rows} still delivers, each as {@code key=value} in hex; closes it. */
  static List<String> drain(StoreCursor rows) {
    try (rows) {
      List<String> found = new ArrayList<>();
      while (rows.advance()) {
        found.add(text(rows.key(), rows.value()));
      }
      return found;
    }
  }

  /** The names of all keyspaces. */
  List<String> keyspaces() {
    return List.copyOf(keyspaces.keySet());
  }

  /** The keys of a keyspace, in order. */
  List<byte[]> keys(String keyspace) {
    return List.copyOf(rows(keyspace).keySet());
  }

  int size() {
    return keyspaces.values().stream().mapToInt(Map::size).sum();
  }

  /** Whether both hold the same rows; a keyspace without rows is as good as none. */
  boolean sameRows(StoreModel other) {
    return size() == other.size()
        && keyspaces.entrySet().stream()
            .allMatch(entry -> same(entry.getValue(), other.rows(entry.getKey())));
  }

  private static boolean same(
      NavigableMap<byte[], byte[]> one, NavigableMap<byte[], byte[]> other) {
    return one.size() == other.size()
        && one.entrySet().stream()
            .allMatch(row -> Arrays.equals(row.getValue(), other.get(row.getKey())));
  }

  private NavigableMap<byte[], byte[]> rows(String keyspace) {
    return keyspaces.computeIfAbsent(keyspace, name -> new TreeMap<>(UNSIGNED));
  }

  /** A row as text. */
  static String text(byte[] key, byte[] value) {
    return HexFormat.of().formatHex(key) + "=" + HexFormat.of().formatHex(value);
  }
}
