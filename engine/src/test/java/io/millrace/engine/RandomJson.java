package io.millrace.engine;

import java.util.Random;

/** JSON objects at random, small ones, with members and values that come again. */
final class RandomJson {
  private static final String[] NAMES = {"a", "b", "a/b", "~x", "é", "0", "list"};
  private static final String[] NUMBERS = {
    "0", "1", "1.0", "1.00", "1e2", "-0", "12345678901234567890123"
  };

  private RandomJson() {}

  static String object(Random random) {
    return object(random, 2);
  }

  private static String object(Random random, int depth) {
    StringBuilder json = new StringBuilder("{");
    for (String name : NAMES) {
      if (random.nextInt(3) > 0) {
        json.append(json.length() > 1 ? "," : "");
        json.append('"').append(name).append("\":").append(value(random, depth));
      }
    }
    return json.append('}').toString();
  }

  private static String value(Random random, int depth) {
    return switch (random.nextInt(depth == 0 ? 5 : 8)) {
      case 0 -> "null";
      case 1 -> String.valueOf(random.nextBoolean());
      case 2, 3 -> NUMBERS[random.nextInt(NUMBERS.length)];
      case 4 -> "\"" + "xyé\\n".substring(0, random.nextInt(4)) + "\"";
      case 5 -> object(random, depth - 1);
      default -> array(random, depth - 1);
    };
  }

  private static String array(Random random, int depth) {
    StringBuilder json = new StringBuilder("[");
    for (int i = random.nextInt(6); i > 0; i--) {
      json.append(json.length() > 1 ? "," : "").append(value(random, depth));
    }
    return json.append(']').toString();
  }
}
