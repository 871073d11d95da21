package io.millrace.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a thread of Millrace running, a {@link TemporaryFolder} undeleted, or a
 * file in one open (where the operating system tells which files are open).
 *
 * <p>Threads of Millrace are those whose names begin with {@code millrace-}. What was there before
 * the test is not held against it.
 */
public final class NothingLeftBehind implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(NothingLeftBehind.class);
  private static final String THREAD_PREFIX = "millrace-";
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private record Before(Set<Thread> threads, Set<Path> folders, Set<String> openFiles) {}

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    context
        .getStore(NAMESPACE)
        .put(Before.class, new Before(threads(), temporaryFolders(), openFiles()));
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException, InterruptedException {
    Before before = context.getStore(NAMESPACE).remove(Before.class, Before.class);
    List<String> left = new ArrayList<>();
    Set<Thread> threads = threads();
    threads.removeAll(before.threads());
    for (Thread thread : threads) {
      thread.join(Patience.millis());
      if (thread.isAlive()) {
        left.add("thread " + thread.getName());
      }
    }
    Set<Path> folders = temporaryFolders();
    folders.removeAll(before.folders());
    folders.forEach(folder -> left.add("temporary folder " + folder));
    Set<String> files = filesLeftOpen(before);
    files.forEach(file -> left.add("open file " + file));
    if (!left.isEmpty()) {
      throw new AssertionError("the test left behind: " + String.join(", ", left));
    }
  }

  /** Gives those who close files in the background, or leave it to the collector, a moment. */
  private static Set<String> filesLeftOpen(Before before) throws IOException {
    long end =
        System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Math.min(2_000, Patience.millis()));
    while (true) {
      Set<String> files = openFiles();
      files.removeAll(before.openFiles());
      if (files.isEmpty() || System.nanoTime() > end) {
        return files;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static Set<Thread> threads() {
    Set<Thread> found = new HashSet<>();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().startsWith(THREAD_PREFIX)) {
        found.add(thread);
      }
    }
    return found;
  }

  private static Set<Path> temporaryFolders() throws IOException {
    Set<Path> found = new HashSet<>();
    Path parent = Path.of(System.getProperty("java.io.tmpdir"));
    try (Stream<Path> files = Files.list(parent)) {
      files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(TemporaryFolder.prefix()))
          .forEach(found::add);
    }
    return found;
  }

  private static Set<String> openFiles() throws IOException {
    Set<String> found = new HashSet<>();
    if (!Files.isDirectory(OPEN_FILES)) {
      return found;
    }
    try (Stream<Path> handles = Files.list(OPEN_FILES)) {
      for (Path handle : handles.toList()) {
        try {
          String file = Files.readSymbolicLink(handle).toString();
          if (file.contains(TemporaryFolder.prefix())) {
            found.add(file);
          }
        } catch (IOException e) {
          // Closed since it was listed.
        }
      }
    }
    return found;
  }
}
