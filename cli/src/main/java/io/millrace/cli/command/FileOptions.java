package io.millrace.cli.command;

import io.millrace.cli.console.Surroundings;
import io.millrace.cli.transfer.Format;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A bucket, and a file with documents, or a standard stream in its place. */
final class FileOptions {
  @Parameters(index = "0", paramLabel = "BUCKET", description = "The bucket.")
  private String bucket = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "The file; the standard input or output if not given, or -.")
  private @Nullable String file;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "ndjson, json or csv; otherwise by the file's name, or ndjson.")
  private @Nullable Format format;

  String bucket() {
    return bucket;
  }

  /** Whether a file or a format was given. */
  boolean given() {
    return file != null || format != null;
  }

  /** The file; null for a standard stream. */
  @Nullable Path path(Surroundings surroundings) {
    return file == null || file.equals(Client.STANDARD_INPUT)
        ? null
        : surroundings.folder().resolve(file);
  }

  /** How documents stand in it. */
  Format format() {
    if (format != null) {
      return format;
    }
    return file == null ? Format.NDJSON : Format.of(file);
  }
}
