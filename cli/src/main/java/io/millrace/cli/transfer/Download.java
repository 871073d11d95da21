package io.millrace.cli.transfer;

import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import io.millrace.engine.maintenance.ProgressListener;
import java.io.IOException;
import java.io.Writer;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the documents of a bucket into a file. For one export by one thread. */
public final class Download {
  private final Endpoint endpoint;
  private final String bucket;
  private final @Nullable String at;
  private final ProgressListener listener;

  /**
   * @param at the moment that is written; null for the present
   */
  public Download(
      Endpoint endpoint, String bucket, @Nullable String at, ProgressListener listener) {
    this.endpoint = endpoint;
    this.bucket = bucket;
    this.at = at;
    this.listener = listener;
  }

  /**
   * Writes them all. For CSV without columns they are read twice, as of one moment, to know all
   * members first.
   *
   * @param columns of CSV; empty for all members that any document has
   * @return how many there were
   */
  public long write(Writer writer, Format format, List<String> columns) throws IOException {
    long total = endpoint.send(Call.get(bucket)).tree().path("documents").asLong();
    if (format == Format.CSV && columns.isEmpty()) {
      String moment = at == null ? now() : at;
      Collection<String> all = columns(moment, total);
      return copy(new CsvWriter(writer, all), moment, total);
    }
    DocumentWriter documents =
        switch (format) {
          case NDJSON -> new LineWriter(writer);
          case JSON -> new ArrayWriter(writer);
          case CSV -> new CsvWriter(writer, columns);
        };
    return copy(documents, at, total);
  }

  /** Documents as they come. */
  private record LineWriter(Writer writer) implements DocumentWriter {
    @Override
    public void write(String line) throws IOException {
      writer.write(line);
      writer.write('\n');
    }

    @Override
    public void end() {}
  }

  /** Null before the first write, when there is no moment to name. */
  private @Nullable String now() {
    long sequence = endpoint.send(Call.get("_system", "info")).tree().path("sequence").asLong();
    return sequence == 0 ? null : Long.toString(sequence);
  }

  private Set<String> columns(@Nullable String moment, long total) {
    Set<String> columns = new LinkedHashSet<>(List.of("id", "rev"));
    long count = 0;
    try (Lines lines = endpoint.lines(Call.get(bucket, "_export").with("at", moment))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        Json.tree(line).fieldNames().forEachRemaining(columns::add);
        listener.progress("looking for columns", ++count, total, "documents");
      }
    }
    return columns;
  }

  private long copy(DocumentWriter documents, @Nullable String moment, long total)
      throws IOException {
    long count = 0;
    try (Lines lines = endpoint.lines(Call.get(bucket, "_export").with("at", moment))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        documents.write(line);
        listener.progress("exporting", ++count, total, "documents");
        if (Thread.currentThread().isInterrupted()) {
          throw new UnavailableException("interrupted", "interrupted");
        }
      }
    }
    documents.end();
    return count;
  }
}
