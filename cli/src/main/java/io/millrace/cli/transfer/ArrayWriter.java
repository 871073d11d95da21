package io.millrace.cli.transfer;

import java.io.IOException;
import java.io.Writer;

/** Writes one JSON array, a document a line. */
final class ArrayWriter implements DocumentWriter {
  private final Writer writer;
  private boolean any;

  ArrayWriter(Writer writer) {
    this.writer = writer;
  }

  @Override
  public void write(String line) throws IOException {
    writer.write(any ? ",\n" : "[\n");
    writer.write(line);
    any = true;
  }

  @Override
  public void end() throws IOException {
    writer.write(any ? "\n]\n" : "[]\n");
  }
}
