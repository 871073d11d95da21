package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jline.builtins.ScreenTerminal;

/**
 * A program in a pseudo-terminal, which util-linux's {@code script} makes, and what its screen
 * shows. Somebody types, and waits for what comes; leaving the block ends the program.
 */
final class CapturedTerminal implements AutoCloseable {
  private static final String PROMPT = "$ ";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition shown = lock.newCondition();
  private final ScreenTerminal screen;
  private final int columns;
  private final int rows;
  private final Process process;
  private final OutputStream keys;
  private boolean ended;

  private CapturedTerminal(Process process, int columns, int rows) {
    this.process = process;
    this.columns = columns;
    this.rows = rows;
    screen = new ScreenTerminal(columns, rows);
    keys = process.getOutputStream();
    Thread reading = new Thread(this::read, "screen of " + process.pid());
    reading.setDaemon(true);
    reading.start();
  }

  /** A shell of the system in {@code folder}, that waits for commands. */
  static CapturedTerminal open(int columns, int rows, Path folder, Map<String, String> environment)
      throws IOException {
    String shell =
        "stty cols "
            + columns
            + " rows "
            + rows
            + "; PS1='"
            + PROMPT
            + "' exec bash --norc --noprofile --noediting -i";
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfec", shell, "/dev/null").directory(folder.toFile());
    builder.environment().keySet().removeIf(variable -> variable.startsWith("MILLRACE_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "PS1",
                PROMPT,
                "TERM",
                "xterm-256color",
                "LC_ALL",
                "C.UTF-8",
                "SHELL",
                "/bin/bash"));
    builder.environment().putAll(environment);
    CapturedTerminal terminal =
        new CapturedTerminal(builder.redirectErrorStream(true).start(), columns, rows);
    terminal.await("a prompt", text -> text.endsWith(PROMPT.strip()));
    return terminal;
  }

  private void read() {
    char[] buffer = new char[4_096];
    try (Reader output = new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8)) {
      for (int count = output.read(buffer); count >= 0; count = output.read(buffer)) {
        show(new String(buffer, 0, count));
      }
    } catch (IOException e) {
      // The end of it, too.
    }
    lock.lock();
    ended = true;
    shown.signalAll();
    lock.unlock();
  }

  private void show(String text) {
    lock.lock();
    try {
      screen.write(text);
      shown.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Presses keys. */
  CapturedTerminal type(String text) throws IOException {
    keys.write(text.getBytes(StandardCharsets.UTF_8));
    keys.flush();
    return this;
  }

  /** Runs a command of the system's shell, until the prompt is there again. */
  CapturedTerminal run(String command) throws IOException {
    type(command + "\n");
    return await(
        command, text -> text.contains(PROMPT + command) && text.endsWith("\n" + PROMPT.strip()));
  }

  /** Waits until the screen shows {@code text}. */
  CapturedTerminal await(String text) {
    return await(text, all -> all.contains(text));
  }

  /** Waits for what the screen shows, without blanks at the ends of lines. */
  CapturedTerminal await(String what, Predicate<String> wanted) {
    picture(what, wanted);
    return this;
  }

  /** What the screen shows as soon as that is wanted. */
  ScreenPicture picture(String what, Predicate<String> wanted) {
    long left = ServerProcess.PATIENCE.toNanos();
    lock.lock();
    try {
      while (true) {
        ScreenPicture picture = new ScreenPicture(cells(), columns);
        if (wanted.test(picture.text())) {
          return picture;
        }
        assertThat(ended || left <= 0).as("waiting for %s%n%s", what, picture.text()).isFalse();
        left = shown.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      throw new AssertionError("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** What the screen shows. */
  ScreenPicture picture() {
    return picture("", text -> true);
  }

  private long[] cells() {
    long[] cells = new long[columns * rows];
    screen.dump(cells, 0, 0, rows, columns, null);
    return cells;
  }

  @Override
  public void close() throws IOException {
    keys.close();
    // What runs in it gets the signal that its terminal is gone.
    process.destroy();
  }
}
