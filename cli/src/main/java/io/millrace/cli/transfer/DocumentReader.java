package io.millrace.cli.transfer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Documents read one after the other from a file. For one thread. */
interface DocumentReader {
  /**
   * The next document on one line of JSON, which need not be valid; null behind the last, as often
   * as it is asked for.
   *
   * @throws io.millrace.api.error.InvalidRequestException when the file is not what it should be
   */
  @Nullable String next() throws IOException;

  /** In which line of the file the last document begins, from 1. */
  long line();
}
