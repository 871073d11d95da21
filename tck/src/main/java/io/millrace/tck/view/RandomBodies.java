package io.millrace.tck.view;

import io.millrace.api.document.Body;
import java.util.List;
import java.util.Random;

/**
 * Random documents with the members {@code a} to {@code e}, of which any may be missing.
 *
 * <p>Values are of every type and rather few, so that many are equal, or equal but written
 * differently; {@code d} and {@code e} are mostly arrays and objects.
 */
public final class RandomBodies {
  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0.0",
          "1",
          "1.0",
          "1e0",
          "2",
          "-7",
          "0.1",
          "12345678901234567890",
          "1e300",
          "\"\"",
          "\"a\"",
          "\"b\"",
          "\"ab\"",
          "\"Third man, the\"",
          "\"\\u00e9\"",
          "\"\uffff\"",
          "\"\ud83d\ude00\"",
          "\"\\u0000\"",
          "\"\\\"\\\\\"");

  private RandomBodies() {}

  /** A document. */
  public static Body next(Random random) {
    StringBuilder json = new StringBuilder("{");
    for (char name = 'a'; name <= 'e'; name++) {
      if (random.nextInt(5) == 0) {
        continue;
      }
      json.append(json.length() == 1 ? "\"" : ",\"").append(name).append("\":");
      append(json, random, name < 'd' ? 1 : 3);
    }
    return Body.parse(json.append('}').toString());
  }

  private static void append(StringBuilder json, Random random, int depth) {
    int kind = random.nextInt(depth > 2 ? 5 : 8);
    if (depth == 0 || kind > 3) {
      json.append(SCALARS.get(random.nextInt(SCALARS.size())));
    } else if (kind > 1) {
      json.append('[');
      for (int i = random.nextInt(4); i > 0; i--) {
        append(json, random, depth - 1);
        json.append(i > 1 ? "," : "");
      }
      json.append(']');
    } else {
      json.append('{');
      for (char name = 'a'; name < 'a' + random.nextInt(4); name++) {
        json.append(json.charAt(json.length() - 1) == '{' ? "\"" : ",\"")
            .append(name)
            .append("\":");
        append(json, random, depth - 1);
      }
      json.append('}');
    }
  }
}
