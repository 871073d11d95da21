package io.millrace.tck.faults;

/** An open log or store. For one thread. */
interface Session extends AutoCloseable {
  /** Hands over one batch; its number follows that of the one before. */
  void write(int number);

  /** Returns when everything handed over is durable. */
  void force();

  /**
   * Reads everything, in every way.
   *
   * @param most how many batches were written at most
   * @throws AssertionError when it is not what the first so and so many batches make
   */
  Finding read(int most);

  @Override
  void close();
}
