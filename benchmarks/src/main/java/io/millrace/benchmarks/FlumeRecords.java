package io.millrace.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Records as bench-flumelog appends them: a thousand different ones, 155 bytes of JSON each. */
final class FlumeRecords {
  static final int COUNT = 1000;
  static final int BYTES = 155;

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  private FlumeRecords() {}

  /** All of them, the same at each call; to be appended as often as one likes. */
  static List<byte[]> make() {
    Random random = new Random(COUNT);
    List<byte[]> records = new ArrayList<>(COUNT);
    for (int i = 0; i < COUNT; i++) {
      String head =
          "{\"key\":\"#"
              + i
              + "\",\"value\":{\"foo\":"
              + random.nextDouble()
              + ",\"bar\":"
              + random.nextInt(1 << 30)
              + ",\"text\":\"";
      StringBuilder record = new StringBuilder(head);
      while (record.length() < BYTES - 3) {
        record.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
      records.add(record.append("\"}}").toString().getBytes(StandardCharsets.US_ASCII));
    }
    return records;
  }
}
