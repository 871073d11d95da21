package io.millrace.cli.transfer;

import java.io.IOException;

/** Writes documents into a file, one after the other. For one thread. */
interface DocumentWriter {
  /**
   * Writes one.
   *
   * @param line the document on one line of JSON
   */
  void write(String line) throws IOException;

  /** Writes what stands behind the last one. */
  void end() throws IOException;
}
