package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitRequest;
import io.millrace.api.document.Edit;
import io.millrace.engine.Millrace;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Lists that together are far longer than the server's memory, read by clients that take their
 * time: each arrives whole, and nobody else is kept waiting.
 */
final class LongListsIT {
  private static final int COMMIT = 5_000;
  private static final int READERS = 12;
  private static final String TEXT = "x".repeat(160);
  private static final List<String> LISTS =
      List.of("/long/_export", "/long/_documents", "/long/_activity?body=true");

  @TempDir Path folder;

  @Test
  void listsLongerThanTheMemoryArriveWholeThoughTheirReadersAreSlow() throws Exception {
    fillAndRead(100_000);
  }

  @Test
  @Tag("ci")
  void eachListLongerThanTheMemoryArrivesWholeThoughItsReaderIsSlow() throws Exception {
    fillAndRead(600_000);
  }

  private void fillAndRead(int documents) throws Exception {
    Path data = folder.resolve("data");
    fill(data, documents);
    try (ServerProcess server =
        ServerProcess.on(data)
            .with("millrace.http.stall-limit", "5m")
            .jvm("-Xmx64m")
            .jvm("-XX:+ExitOnOutOfMemoryError")
            .start()) {
      readSlowly(server, documents);
      assertThat(server.get("/long").statusCode()).isEqualTo(200);
      assertThat(server.log()).doesNotContain("OutOfMemory", " ERROR ");
    }
  }

  private static void fill(Path data, int documents) throws Exception {
    try (Database database = Millrace.in(data).log("file", Map.of("sync", "os")).open()) {
      Deque<CompletionStage<CommitOutcome>> commits = new ArrayDeque<>();
      for (int first = 0; first < documents; first += COMMIT) {
        commits.add(database.commit(CommitRequest.write(edits(first), Attribution.none())));
        // No more than a few at a time: the queue of the writer is bounded.
        if (commits.size() > 4) {
          commits.remove().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
      }
      for (CompletionStage<CommitOutcome> commit : commits) {
        commit.toCompletableFuture().get(60, TimeUnit.SECONDS);
      }
    }
  }

  private static List<Edit> edits(int first) {
    List<Edit> edits = new ArrayList<>();
    for (int n = first; n < first + COMMIT; n++) {
      Body body = Body.parse("{\"n\":" + n + ",\"text\":\"" + TEXT + "\"}");
      edits.add(new Edit.Put("long", "document-" + (1_000_000 + n), Base.absent(), body));
    }
    return edits;
  }

  /** Twelve readers take a little and wait; then one of each kind takes all. */
  private static void readSlowly(ServerProcess server, int documents) throws Exception {
    List<SlowReader> readers = new ArrayList<>();
    try {
      for (int i = 0; i < READERS; i++) {
        readers.add(new SlowReader(server, LISTS.get(i % LISTS.size())));
      }
      for (SlowReader reader : readers) {
        reader.read(1_000);
      }
      // They all wait now; whoever wants a document gets it.
      for (int n = 0; n < 500; n++) {
        String path = "/long/document-" + (1_000_000 + n * (documents / 500));
        assertThat(server.get(path).statusCode()).as(path).isEqualTo(200);
      }
      for (SlowReader reader : readers.subList(0, LISTS.size())) {
        assertThat(reader.readAll()).as(reader.path).isEqualTo(documents);
      }
    } finally {
      for (SlowReader reader : readers) {
        reader.close();
      }
    }
  }

  /** A client that asks, and reads when it is told to; it holds little that it did not read. */
  private static final class SlowReader implements AutoCloseable {
    private final Socket socket = new Socket();
    private final BufferedReader lines;
    private final ServerProcess server;
    private final String path;
    private int rows;

    SlowReader(ServerProcess server, String path) throws IOException {
      this.server = server;
      this.path = path;
      URI root = server.uri("/");
      socket.setReceiveBufferSize(8 << 10);
      socket.setSoTimeout(Math.toIntExact(ServerProcess.PATIENCE.toMillis()));
      socket.connect(new InetSocketAddress(InetAddress.getByName(root.getHost()), root.getPort()));
      OutputStream out = socket.getOutputStream();
      String request = "GET " + path + " HTTP/1.0\r\nAccept: application/x-ndjson\r\n\r\n";
      out.write(request.getBytes(StandardCharsets.US_ASCII));
      lines =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 1 << 10);
      assertThat(lines.readLine()).as(path).contains(" 200 ");
      String header = lines.readLine();
      while (header != null && !header.isEmpty()) {
        header = lines.readLine();
      }
    }

    /** Reads some rows, which must come in order. */
    void read(int count) throws IOException {
      for (int i = 0; i < count; i++) {
        check(lines.readLine());
      }
    }

    /** Reads all the rest; answers how many there were in all. */
    int readAll() throws IOException {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        check(line);
      }
      return rows;
    }

    private void check(@Nullable String line) {
      String id = "\"id\":\"document-" + (1_000_000 + rows) + "\"";
      if (line == null || !line.contains(id) || !line.endsWith("}")) {
        throw server.failure("row " + rows + " of " + path + " is " + line, null);
      }
      rows++;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
