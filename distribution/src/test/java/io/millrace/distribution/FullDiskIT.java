package io.millrace.distribution;

import static io.millrace.distribution.Answer.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full: writes are refused, reads go on, and when there is room the server goes on
 * by itself with everything that it acknowledged.
 *
 * <p>The disk is a small one in memory, mounted in a name space of the server's own. Where the
 * system does not allow that, the test is skipped, and operators of such systems have only the
 * fault tests of the log and the store.
 */
class FullDiskIT {
  private static final int DISK_MEBIBYTES = 96;
  private static final int MOST_WRITES = 20_000;
  private static final String TEXT = "x".repeat(8_000);

  @TempDir Path folder;

  @Test
  void aFullDiskRefusesWritesKeepsReadingAndRecoversWhenThereIsRoom() throws Exception {
    assumeThat(canMount()).as("unshare -rm and tmpfs are allowed here").isTrue();
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Map<String, String> acknowledged = new TreeMap<>();
    try (ServerProcess server =
        ServerProcess.on(disk.resolve("data")).onSmallDisk(disk, DISK_MEBIBYTES).start()) {
      Path inside = Path.of("/proc/" + server.pid() + "/root" + disk);
      Path ballast = inside.resolve("ballast");
      try (RandomAccessFile file = new RandomAccessFile(ballast.toFile(), "rw")) {
        file.write(new byte[DISK_MEBIBYTES / 2 << 20]);
      }
      HttpResponse<String> refusal = writeUntilRefused(server, acknowledged);
      assertThat(refusal.statusCode()).as(refusal.body()).isEqualTo(503);
      assertThat(refusal.headers().firstValue("Retry-After")).isPresent();
      assertThat(acknowledged).isNotEmpty();
      compare(server, acknowledged);
      assertThat(server.get("/q/health/live").statusCode()).isEqualTo(200);

      Files.delete(ballast);
      awaitWritable(server);
      compare(server, acknowledged);
      assertThat(server.stop()).as(server.log()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
    }
  }

  private boolean canMount() throws IOException, InterruptedException {
    Path probe = Files.createDirectory(folder.resolve("probe"));
    try {
      Process process =
          new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", probe.toString())
              .redirectErrorStream(true)
              .start();
      process.getInputStream().readAllBytes();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static HttpResponse<String> writeUntilRefused(
      ServerProcess server, Map<String, String> acknowledged) {
    for (int i = 0; i < MOST_WRITES; i++) {
      String id = "document-" + i;
      HttpResponse<String> reply =
          server.put("/full/" + id, "{\"n\":" + i + ",\"text\":\"" + TEXT + "\"}");
      if (reply.statusCode() != 201) {
        return reply;
      }
      acknowledged.put(id, json(reply, 201).get("rev").asText());
    }
    throw server.failure("the disk never was full", null);
  }

  private static void compare(ServerProcess server, Map<String, String> acknowledged) {
    acknowledged.forEach(
        (id, rev) -> {
          JsonNode document = json(server.get("/full/" + id), 200);
          assertThat(document.get("rev").asText()).as(id).isEqualTo(rev);
        });
  }

  private static void awaitWritable(ServerProcess server) {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    int attempt = 0;
    while (server.put("/full/after-" + attempt++, "{}").statusCode() != 201) {
      if (System.nanoTime() > deadline) {
        throw server.failure("the server does not recover", null);
      }
    }
  }
}
