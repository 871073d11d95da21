package io.millrace.view.index;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.KeyRange;
import io.millrace.api.view.ViewArguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of an index are asked for. Immutable.
 *
 * <p>Either {@code term}: the rows whose key equals it. Or {@code keys}: the rows whose key equals
 * one of the array; they come in the order of the keys, not of the array, and each once. Or {@code
 * prefix}: the rows whose key is a string that begins with this string, or an array that begins
 * with the elements of this array. Or {@code start}, included, and {@code end}, excluded, of which
 * each may be left out; {@code start} is the lower bound in either direction. {@code reverse} gives
 * the highest first; {@code after} goes on after the row with this position; at most {@code limit}
 * rows are given.
 */
public final class RowQuery {
  /** In the order in which they are looked at. */
  private static final List<String> RANGE_NAMES = List.of("term", "keys", "prefix", "start", "end");

  /** The names of the parameters that say which rows, without direction and limit. */
  public static final Set<String> RANGE_PARAMETERS = Set.copyOf(RANGE_NAMES);

  /** The names of all parameters. */
  public static final Set<String> PARAMETERS =
      Set.of("term", "keys", "prefix", "start", "end", "reverse", "after", "limit");

  private static final byte[] FIRST_ROW = {RowLayout.ROW};
  private static final byte[] BEYOND_ROWS = {RowLayout.ROW + 1};

  private final List<KeyRange> ranges;
  private final long limit;
  private final boolean everything;

  private RowQuery(List<KeyRange> ranges, long limit, boolean everything) {
    this.ranges = ranges;
    this.limit = limit;
    this.everything = everything;
  }

  /**
   * Reads the parameters.
   *
   * @throws InvalidRequestException with the code {@code invalid-parameter}, naming the parameter
   */
  public static RowQuery parse(ViewArguments arguments) {
    boolean everything = !requireOne(arguments);
    boolean reverse = arguments.flag("reverse");
    long limit = arguments.count("limit", Long.MAX_VALUE);
    byte[] after = position(arguments.text("after"));
    List<KeyRange> ranges = ranges(arguments);
    if (after == null && !reverse && ranges.size() == 1 && !ranges.get(0).isEmpty()) {
      return new RowQuery(ranges, limit, everything);
    }
    List<KeyRange> cut = new ArrayList<>(ranges.size());
    for (int i = 0; i < ranges.size(); i++) {
      KeyRange range = ranges.get(reverse ? ranges.size() - 1 - i : i);
      KeyRange rest = after == null ? range : cut(range, after, reverse);
      if (!rest.isEmpty()) {
        cut.add(rest.reversed(reverse));
      }
    }
    return new RowQuery(cut, limit, after == null && everything);
  }

  /**
   * Reads the parameters for rows that are followed, which come in the order of changes.
   *
   * @throws InvalidRequestException as {@link #parse}, and when a direction, a position or a limit
   *     is given
   */
  public static RowQuery parseFollowed(ViewArguments arguments) {
    for (String name : List.of("reverse", "after", "limit")) {
      if (arguments.has(name)) {
        throw refused(name, "makes no sense for rows that are followed");
      }
    }
    return parse(arguments);
  }

  /**
   * The rows whose key equals {@code key}.
   *
   * @param name of the parameter that the key comes from
   * @throws InvalidRequestException with the code {@code invalid-parameter}, when there cannot be
   *     such a key
   */
  public static RowQuery ofKey(String name, JsonNode key) {
    return of(KeyRange.prefix(bound(name, key)), Long.MAX_VALUE);
  }

  /** The rows whose keys in the keyspace are in {@code range}. */
  static RowQuery of(KeyRange range, long limit) {
    return new RowQuery(range.isEmpty() ? List.of() : List.of(range), limit, false);
  }

  /** Where in the keyspace the rows lie, in the order in which they are asked for. */
  public List<KeyRange> ranges() {
    return ranges;
  }

  /** Whether a row at {@code key} is asked for; only for queries that are not reversed. */
  boolean asksFor(byte[] key) {
    // The ranges stand in order and do not overlap.
    int low = 0;
    int high = ranges.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      KeyRange range = ranges.get(middle);
      byte[] to = range.to();
      if (Arrays.compareUnsigned(key, range.from()) < 0) {
        high = middle - 1;
      } else if (to != null && Arrays.compareUnsigned(key, to) >= 0) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** The most rows that are asked for. */
  public long limit() {
    return limit;
  }

  /** Whether all rows are asked for, up to the limit. */
  boolean isEverything() {
    return everything;
  }

  /** Checks that what says which rows does so in one way; returns whether anything does. */
  private static boolean requireOne(ViewArguments arguments) {
    String given = null;
    for (String name : RANGE_NAMES) {
      if (!arguments.has(name)) {
        continue;
      }
      if (given != null && !(given.equals("start") && name.equals("end"))) {
        throw refused(name, "cannot be given together with '" + given + "'");
      }
      given = name;
    }
    return given != null;
  }

  /** The ranges asked for, lowest first. */
  private static List<KeyRange> ranges(ViewArguments arguments) {
    JsonNode term = arguments.json("term");
    if (term != null) {
      return List.of(KeyRange.prefix(bound("term", term)));
    }
    JsonNode keys = arguments.json("keys");
    if (keys != null) {
      return keyRanges(keys);
    }
    JsonNode prefix = arguments.json("prefix");
    if (prefix != null) {
      return List.of(KeyRange.prefix(prefixBound(prefix)));
    }
    JsonNode start = arguments.json("start");
    JsonNode end = arguments.json("end");
    byte[] from = start == null ? FIRST_ROW : bound("start", start);
    byte[] to = end == null ? BEYOND_ROWS : bound("end", end);
    if (Arrays.compareUnsigned(from, to) > 0) {
      throw refused("start", "lies after 'end'");
    }
    return List.of(KeyRange.between(from, to));
  }

  private static List<KeyRange> keyRanges(JsonNode keys) {
    if (!keys.isArray()) {
      throw refused("keys", "must be an array");
    }
    List<byte[]> bounds = new ArrayList<>(keys.size());
    for (JsonNode key : keys) {
      bounds.add(bound("keys", key));
    }
    bounds.sort(Arrays::compareUnsigned);
    List<KeyRange> ranges = new ArrayList<>(bounds.size());
    for (int i = 0; i < bounds.size(); i++) {
      if (i == 0 || !Arrays.equals(bounds.get(i - 1), bounds.get(i))) {
        ranges.add(KeyRange.prefix(bounds.get(i)));
      }
    }
    return ranges;
  }

  private static byte[] prefixBound(JsonNode prefix) {
    if (!prefix.isTextual() && !prefix.isArray()) {
      throw refused("prefix", "must be a string or an array");
    }
    bound("prefix", prefix);
    return behindTag(JsonCollation.prefix(prefix));
  }

  private static byte[] bound(String name, JsonNode value) {
    try {
      return behindTag(JsonCollation.encode(value));
    } catch (InvalidRequestException e) {
      throw refused(name, "cannot be looked up: " + e.getMessage());
    }
  }

  private static byte[] behindTag(byte[] collated) {
    return RowLayout.documentKey(RowLayout.ROW, collated);
  }

  private static byte @Nullable [] position(@Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return behindTag(Base64.getUrlDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      throw refused("after", "is not a position that 'next' named");
    }
  }

  private static KeyRange cut(KeyRange range, byte[] after, boolean reverse) {
    byte[] to = range.to();
    if (reverse) {
      boolean lower = to == null || Arrays.compareUnsigned(after, to) < 0;
      return lower ? KeyRange.between(range.from(), after) : range;
    }
    byte[] beyond = Arrays.copyOf(after, after.length + 1);
    boolean higher = Arrays.compareUnsigned(beyond, range.from()) > 0;
    return higher ? KeyRange.between(beyond, to) : range;
  }

  private static InvalidRequestException refused(String name, String reason) {
    return new InvalidRequestException("invalid-parameter", "parameter '" + name + "' " + reason);
  }
}
