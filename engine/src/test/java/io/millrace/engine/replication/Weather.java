package io.millrace.engine.replication;

import java.util.random.RandomGenerator;

/**
 * What the network does to frames.
 *
 * @param losses how many of 1,000 frames are lost
 * @param doubles how many come twice
 * @param delays how many are held up for long
 * @param replays how many are followed by one of long ago, that somebody kept
 * @param garbage how many are followed by bytes that mean nothing
 * @param inOrder whether the others keep their order
 * @param usualMillis the most that a frame takes that is not held up
 * @param longestMillis the most that one takes that is
 * @param queue how many frames of one link may be under way
 */
record Weather(
    int losses,
    int doubles,
    int delays,
    int replays,
    int garbage,
    boolean inOrder,
    int usualMillis,
    int longestMillis,
    int queue) {
  /** Nothing goes wrong. */
  static final Weather FAIR = new Weather(0, 0, 0, 0, 0, true, 3, 3, 1_000);

  /** Any weather. */
  static Weather any(RandomGenerator random) {
    return switch (random.nextInt(4)) {
      case 0 -> FAIR;
      case 1 -> new Weather(30, 30, 50, 5, 2, random.nextBoolean(), 20, 2_000, 100);
      case 2 ->
          new Weather(
              random.nextInt(300),
              random.nextInt(300),
              random.nextInt(300),
              random.nextInt(4) == 0 ? 500 : random.nextInt(60),
              random.nextInt(20),
              random.nextInt(4) == 0,
              1 + random.nextInt(100),
              1 + random.nextInt(20_000),
              2 + random.nextInt(50));
      default -> new Weather(0, 0, 20, 0, 0, true, 5, 500, 1_000);
    };
  }
}
