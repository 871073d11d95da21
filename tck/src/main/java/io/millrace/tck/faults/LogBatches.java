package io.millrace.tck.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** An endless sequence of batches of records, each to be had without those before it. */
record LogBatches(long seed) {
  private static final int MOST_RECORDS = 4;

  /** The records of one batch. */
  List<byte[]> batch(int number) {
    RandomGenerator random = new SplittableRandom(seed + number * 0x9e3779b97f4a7c15L);
    List<byte[]> records = new ArrayList<>();
    int count = size(random);
    for (int i = 0; i < count; i++) {
      byte[] record = new byte[random.nextInt(30) == 0 ? 5_000 : random.nextInt(300)];
      random.nextBytes(record);
      records.add(record);
    }
    return records;
  }

  private static int size(RandomGenerator random) {
    return 1 + random.nextInt(MOST_RECORDS);
  }

  /** The records of the first so many batches. */
  List<byte[]> records(int batches) {
    List<byte[]> all = new ArrayList<>();
    for (int number = 1; number <= batches; number++) {
      all.addAll(batch(number));
    }
    return all;
  }

  /**
   * How many batches have so many records together.
   *
   * @throws AssertionError when a batch would be there in part, or there are more than {@code most}
   */
  int countOf(long records, int most) {
    long sum = 0;
    int count = 0;
    while (sum < records && count < most) {
      count++;
      sum += size(new SplittableRandom(seed + count * 0x9e3779b97f4a7c15L));
    }
    if (sum != records) {
      throw new AssertionError(
          records + " records are no number of whole batches among the " + most + " appended");
    }
    return count;
  }
}
