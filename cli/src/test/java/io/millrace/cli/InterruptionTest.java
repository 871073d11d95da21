package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.console.ExitCodes;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in a shell interrupts the command that runs. */
final class InterruptionTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void followingAFeedEnds() throws Exception {
    try (FakeServer server = new FakeServer()) {
      server.onForEver("GET /films/_activity", "{\"seq\":1,\"id\":\"a\",\"changes\":[\"1-a\"]}");
      Commands commands = new Commands(folder).with("MILLRACE_SERVER", server.address());
      AtomicInteger exitCode = new AtomicInteger(-1);
      Thread thread =
          new Thread(
              () ->
                  exitCode.set(Main.run(commands.surroundings(), "tail", "films", "--since", "0")));
      thread.start();
      while (thread.isAlive() && !commands.out().contains("films/a")) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join();
      assertThat(exitCode).hasValue(ExitCodes.INTERRUPTED);
    }
  }

  @Test
  @Timeout(60)
  void importEnds() throws Exception {
    try (FakeServer server = new FakeServer()) {
      server.onForEver("POST /films/_import", "{\"imported\":1,\"conflicts\":0,\"seq\":1}");
      Commands commands =
          new Commands(folder).with("MILLRACE_SERVER", server.address()).typing("{\"id\":\"a\"}");
      AtomicInteger exitCode = new AtomicInteger(-1);
      Thread thread =
          new Thread(() -> exitCode.set(Main.run(commands.surroundings(), "import", "films")));
      thread.start();
      while (thread.isAlive() && server.requests().isEmpty()) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      thread.join();
      assertThat(exitCode).hasValue(ExitCodes.INTERRUPTED);
      assertThat(commands.err()).contains("what was sent before is in, or will be");
    }
  }
}
