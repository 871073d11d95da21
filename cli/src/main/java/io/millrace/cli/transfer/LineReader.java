package io.millrace.cli.transfer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads NDJSON as it is; empty lines are skipped. */
final class LineReader implements DocumentReader {
  private final BufferedReader lines;
  private long line;

  LineReader(Reader reader) {
    this.lines = new BufferedReader(reader, 1 << 16);
  }

  @Override
  public @Nullable String next() throws IOException {
    String text = lines.readLine();
    line++;
    while (text != null && text.isBlank()) {
      text = lines.readLine();
      line++;
    }
    return text;
  }

  @Override
  public long line() {
    return line;
  }
}
