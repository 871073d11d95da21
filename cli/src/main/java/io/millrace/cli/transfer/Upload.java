package io.millrace.cli.transfer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import io.millrace.cli.client.RefusedException;
import io.millrace.engine.maintenance.ProgressListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Sends the documents of a file to a bucket.
 *
 * <p>They go in requests of a few MiB, one after the other, and the next is made ready while one is
 * under way. So a fault is told with its line in the file, and whatever the length of the file the
 * answer to a request is read in time: an HTTP client reads it only when all is sent.
 *
 * <p>For one import by one thread.
 */
public final class Upload {
  private static final int REQUEST_BYTES = 8 << 20;
  private static final Set<String> REVISION = Set.of("rev");

  private final Endpoint endpoint;
  private final Call call;
  private final boolean keepRevisions;
  private final ProgressListener listener;
  private long imported;
  private long conflicts;
  private long sequence;
  private @Nullable InvalidRequestException fault;

  /** What became of the documents of a file. */
  public record Result(long imported, long conflicts, long sequence) {}

  /** A request that is filled. */
  private record Filled(byte[] body, List<Long> lines, long bytesRead) {}

  /**
   * @param keepRevisions whether the member {@code rev} says which revision a document replaces;
   *     otherwise it is dropped, so that an exported bucket can be imported elsewhere
   */
  public Upload(
      Endpoint endpoint,
      String bucket,
      Attribution attribution,
      boolean keepRevisions,
      ProgressListener listener) {
    this.endpoint = endpoint;
    this.call = Call.post(bucket, "_import").by(attribution);
    this.keepRevisions = keepRevisions;
    this.listener = listener;
  }

  /**
   * Sends everything in {@code input}, which is not closed.
   *
   * @param totalBytes how long it is; 0 when that is not known
   * @param types whether values of CSV get types
   * @throws RefusedException when the database refuses a document; what stood before it is in
   */
  public Result send(InputStream input, Format format, long totalBytes, boolean types)
      throws IOException {
    CountedInput counted = new CountedInput(input);
    Reader reader = new InputStreamReader(counted, StandardCharsets.UTF_8);
    DocumentReader documents =
        switch (format) {
          case NDJSON -> new LineReader(reader);
          case JSON -> new ArrayReader(reader);
          case CSV -> new CsvReader(reader, types);
        };
    CompletableFuture<Void> underWay = CompletableFuture.completedFuture(null);
    try {
      for (Filled next = fill(documents, counted); next != null; next = fill(documents, counted)) {
        await(underWay);
        Filled filled = next;
        underWay = CompletableFuture.runAsync(() -> send(filled, totalBytes));
      }
    } catch (MillraceException faulty) {
      await(underWay);
      throw faulty;
    }
    await(underWay);
    return new Result(imported, conflicts, sequence);
  }

  private static void await(CompletableFuture<Void> underWay) {
    try {
      underWay.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException known) {
        throw known;
      }
      throw new InternalException("failed-import", "the import failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException(
          "interrupted", "interrupted; what was sent before is in, or will be", e);
    }
  }

  /** Null when there is nothing left. */
  private @Nullable Filled fill(DocumentReader documents, CountedInput counted) throws IOException {
    if (fault != null) {
      throw fault;
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream(REQUEST_BYTES + (1 << 16));
    List<Long> lines = new ArrayList<>();
    while (body.size() < REQUEST_BYTES) {
      String document;
      try {
        document = documents.next();
      } catch (InvalidRequestException faulty) {
        // What stands before the fault goes first.
        fault = faulty;
        break;
      }
      if (document == null) {
        break;
      }
      lines.add(documents.line());
      body.write(own(document).getBytes(StandardCharsets.UTF_8));
      body.write('\n');
    }
    if (lines.isEmpty() && fault != null) {
      throw fault;
    }
    return lines.isEmpty() ? null : new Filled(body.toByteArray(), lines, counted.count());
  }

  private String own(String document) {
    if (keepRevisions || !document.contains("\"rev\"")) {
      return document;
    }
    try {
      return Json.without(document, REVISION);
    } catch (InvalidRequestException faulty) {
      // The database says what is wrong with it.
      return document;
    }
  }

  private void send(Filled filled, long totalBytes) {
    String last = "{}";
    try (Lines lines = endpoint.lines(call.body(Call.NDJSON, filled.body()))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        last = line;
      }
    } catch (RefusedException e) {
      add(e.member("imported"), e.member("conflicts"), e.member("seq"));
      throw faulty(filled, e.problem(), e.status());
    }
    JsonNode result = Json.tree(last);
    add(result.path("imported"), result.path("conflicts"), result.path("seq"));
    if (!result.path("done").asBoolean()) {
      JsonNode error = result.path("error");
      throw faulty(filled, error.toString(), error.path("status").asInt(500));
    }
    listener.progress("importing", filled.bytesRead(), totalBytes, "bytes");
  }

  private void add(JsonNode moreImported, JsonNode moreConflicts, JsonNode last) {
    imported += moreImported.asLong();
    conflicts += moreConflicts.asLong();
    sequence = Math.max(sequence, last.asLong());
  }

  /** The same problem with the line of the file in place of that of the request. */
  private RefusedException faulty(Filled filled, String problem, int status) {
    JsonNode tree = Json.tree(problem);
    int line = tree.path("line").asInt();
    if (tree instanceof ObjectNode object && line > 0 && line <= filled.lines().size()) {
      long inFile = filled.lines().get(line - 1);
      object.put("line", inFile);
      String detail = tree.path("detail").asText();
      object.put("detail", detail.replaceFirst("\\bline " + line + "\\b", "line " + inFile));
      object.put("imported", imported).put("conflicts", conflicts).put("seq", sequence);
      return RefusedException.of(endpoint.name(), status, object.toString());
    }
    return RefusedException.of(endpoint.name(), status, problem);
  }
}
