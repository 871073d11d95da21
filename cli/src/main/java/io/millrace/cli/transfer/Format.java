package io.millrace.cli.transfer;

import java.util.Locale;

/** How documents stand in a file. */
public enum Format {
  /** One a line. */
  NDJSON,
  /** One array of them. */
  JSON,
  /** A line for each, under a line with the names of the members (RFC 4180). */
  CSV;

  /** By the end of a file's name; NDJSON when that says nothing. */
  public static Format of(String fileName) {
    String name = fileName.toLowerCase(Locale.ROOT);
    if (name.endsWith(".json")) {
      return JSON;
    }
    return name.endsWith(".csv") ? CSV : NDJSON;
  }
}
