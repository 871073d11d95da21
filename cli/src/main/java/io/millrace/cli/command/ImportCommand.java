package io.millrace.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.git.GitImport;
import io.millrace.cli.transfer.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Reads documents from a file, or the history of a git repository. */
@Command(
    name = "import",
    description = {
      "Reads documents from a file or the standard input into a bucket: one JSON object a line",
      "(ndjson), an array of them (json), or comma-separated values under a line of names (csv). A",
      "document that is there already is left alone and counted as a conflict.",
      "",
      "With --git reads the history of a repository instead: each commit of the main line becomes",
      "a commit, with its author and message, and each text file a document. Into an empty bucket,",
      "or one that was imported so before: then what is new is added."
    })
final class ImportCommand implements Callable<Integer> {
  @Mixin private final ConnectionOptions options = new ConnectionOptions();
  private final Client client;

  @Mixin private final FileOptions file = new FileOptions();

  @Option(
      names = "--types",
      description = {
        "In CSV, take for JSON what looks like it, and empty values for missing members; otherwise",
        "all values are strings."
      })
  private boolean types;

  @Option(
      names = "--keep-rev",
      description = {
        "The member rev says which revision a document replaces; otherwise it is dropped, so that",
        "what was exported can be imported elsewhere."
      })
  private boolean keepRevisions;

  @Option(names = "--git", paramLabel = "DIR", description = "A git repository.")
  private @Nullable Path git;

  @Option(
      names = "--branch",
      paramLabel = "NAME",
      description = "With --git, another branch, tag or commit than HEAD.")
  private String branch = "HEAD";

  @Option(
      names = "--max-size",
      paramLabel = "BYTES",
      description = "With --git, files that are longer are left out; 1048576 if not given.")
  private int maxBytes = 1 << 20;

  @Mixin private final WriteOptions who = new WriteOptions();
  @Spec private @Nullable CommandSpec spec;

  ImportCommand(Client client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    if (git != null && (file.given() || types || keepRevisions) && spec != null) {
      throw new ParameterException(
          spec.commandLine(), "--git takes no FILE, --format, --types or --keep-rev");
    }
    try (Endpoint endpoint = client.connect(options);
        ProgressLine progress = client.surroundings().progress()) {
      return git == null
          ? ofFile(endpoint, progress)
          : ofRepository(endpoint, progress, client.surroundings().folder().resolve(git));
    }
  }

  private int ofRepository(Endpoint endpoint, ProgressLine progress, Path repository) {
    GitImport.Result result =
        new GitImport(endpoint, file.bucket(), repository, branch, maxBytes, progress).run();
    progress.wipe();
    if (options.json()) {
      client.out().println(result.json());
    } else {
      client.out().println(result.words(file.bucket()));
    }
    return ExitCodes.DONE;
  }

  private int ofFile(Endpoint endpoint, ProgressLine progress) {
    Attribution attribution = client.attribution(who);
    Upload upload = new Upload(endpoint, file.bucket(), attribution, keepRevisions, progress);
    Path path = file.path(client.surroundings());
    Upload.Result result;
    try {
      if (path == null) {
        result = upload.send(client.surroundings().in(), file.format(), 0, types);
      } else {
        try (InputStream input = Files.newInputStream(path)) {
          result = upload.send(input, file.format(), Files.size(path), types);
        }
      }
    } catch (IOException e) {
      throw new InvalidRequestException(
          "unreadable", "cannot read " + (path == null ? "the input" : path), e);
    }
    progress.wipe();
    report(result);
    return result.conflicts() > 0 ? ExitCodes.CONFLICT : ExitCodes.DONE;
  }

  private void report(Upload.Result result) {
    if (options.json()) {
      ObjectNode json = Json.object();
      json.put("imported", result.imported());
      json.put("conflicts", result.conflicts());
      json.put("seq", result.sequence());
      client.out().println(json);
      return;
    }
    client
        .out()
        .printf(
            Locale.ROOT,
            "imported %,d documents into %s, sequence %d%n",
            result.imported(),
            file.bucket(),
            result.sequence());
    if (result.conflicts() > 0) {
      client
          .surroundings()
          .err()
          .printf(
              Locale.ROOT,
              "millrace: %,d documents were left alone, since they are there already%n",
              result.conflicts());
    }
  }
}
