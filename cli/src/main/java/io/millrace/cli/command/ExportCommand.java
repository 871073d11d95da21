package io.millrace.cli.command;

import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.transfer.Download;
import io.millrace.cli.transfer.Format;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes documents into a file. */
@Command(
    name = "export",
    description = {
      "Writes the documents of a bucket, as of one moment, into a file or to the standard output:",
      "one JSON object a line (ndjson), an array of them (json), or comma-separated values under a",
      "line of names (csv). A file is there when it is complete."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file; the standard output if not given, or -.")
  private @Nullable String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "ndjson, json or csv; otherwise by the file's name, or ndjson.")
  private @Nullable Format format;

  @Option(
      names = "--at",
      paramLabel = "WHEN",
      description = "As it was after a sequence, or at a time such as 2026-05-01T12:00:00Z.")
  private @Nullable String at;

  @Option(
      names = "--columns",
      split = ",",
      paramLabel = "NAME",
      description = "The members in CSV; all that any document has if not given.")
  private List<String> columns = List.of();

  ExportCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    try (Endpoint endpoint = client.connect(options);
        ProgressLine progress = client.surroundings().progress()) {
      Download download = new Download(endpoint, bucket, at, progress);
      if (file == null || file.equals(Client.STANDARD_INPUT)) {
        download.write(client.out(), format == null ? Format.NDJSON : format, columns);
        client.out().flush();
      } else {
        Path path = client.surroundings().folder().resolve(file);
        long count = toFile(download, path, format == null ? Format.of(file) : format);
        progress.wipe();
        client
            .surroundings()
            .err()
            .printf(Locale.ROOT, "exported %,d documents to %s%n", count, path);
      }
    } catch (IOException e) {
      throw new UnavailableException("unwritable", "cannot write " + file, e);
    }
    return ExitCodes.DONE;
  }

  private long toFile(Download download, Path path, Format given) throws IOException {
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try {
      long count;
      try (Writer writer = Files.newBufferedWriter(partial)) {
        count = download.write(writer, given, columns);
      }
      Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
      return count;
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
