package io.millrace.cli.command;

import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.transfer.Download;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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

  @Mixin private final FileOptions file = new FileOptions();

  @Mixin private final PastOptions past = new PastOptions();

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
    Path path = file.path(client.surroundings());
    try (Endpoint endpoint = client.connect(options);
        ProgressLine progress = client.surroundings().progress()) {
      Download download = new Download(endpoint, file.bucket(), past.at(), progress);
      if (path == null) {
        download.write(client.out(), file.format(), columns);
        client.out().flush();
      } else {
        long count = toFile(download, path);
        progress.wipe();
        client
            .surroundings()
            .err()
            .printf(Locale.ROOT, "exported %,d documents to %s%n", count, path);
      }
    } catch (IOException e) {
      throw new UnavailableException(
          "unwritable", "cannot write " + (path == null ? "the output" : path), e);
    }
    return ExitCodes.DONE;
  }

  private long toFile(Download download, Path path) throws IOException {
    Path partial = path.resolveSibling(path.getFileName() + ".partial");
    try {
      long count;
      try (Writer writer = Files.newBufferedWriter(partial)) {
        count = download.write(writer, file.format(), columns);
      }
      Files.move(partial, path, StandardCopyOption.REPLACE_EXISTING);
      return count;
    } finally {
      Files.deleteIfExists(partial);
    }
  }
}
