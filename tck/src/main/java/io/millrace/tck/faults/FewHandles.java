package io.millrace.tck.faults;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A life with fewer files than it needs, in a process that may open a limited number: all that are
 * not needed to leave exactly so many are taken.
 */
final class FewHandles {
  private static final int BATCHES = 200;
  private static final int BATCHES_PER_FORCE = 20;
  private static final List<Integer> FEW = List.of(0, 1, 3, 6, 15);
  private static final List<Integer> ALL = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 28);

  private final Subject subject;
  private final Path folder;
  private final Deque<FileInputStream> taken = new ArrayDeque<>();
  private final boolean thorough;
  private int there;

  /**
   * @param there how many batches are in the folder
   * @param thorough whether to try more
   */
  FewHandles(Subject subject, Path folder, int there, boolean thorough) {
    this.thorough = thorough;
    this.subject = subject;
    this.folder = folder;
    this.there = there;
  }

  void run() throws IOException {
    loadClasses();
    new Attempt(subject, folder.resolveSibling("loading"), 0).run();
    for (int left : thorough ? ALL : FEW) {
      openWith(left);
      writeWith(left);
    }
  }

  /**
   * Loads the classes that are files of their own, which would need a handle each. Those in jars,
   * which are open, need none, so where it matters nothing is hidden by this.
   */
  private static void loadClasses() throws IOException {
    ClassLoader loader = FewHandles.class.getClassLoader();
    for (URL root : Collections.list(loader.getResources(""))) {
      if (!root.getProtocol().equals("file")) {
        continue;
      }
      Path top = Path.of(URI.create(root.toString()));
      try (Stream<Path> files = Files.walk(top)) {
        files
            .map(file -> top.relativize(file).toString())
            .filter(name -> name.endsWith(".class"))
            .map(name -> name.substring(0, name.length() - ".class".length()))
            .forEach(name -> load(name.replace('/', '.'), loader));
      }
    }
  }

  private static void load(String name, ClassLoader loader) {
    try {
      Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      // Not one that is used here, then.
    }
  }

  private void openWith(int left) throws IOException {
    Attempt attempt = new Attempt(subject, folder, there);
    takeAllBut(left);
    try {
      attempt.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("opened with " + left + " files left", e);
    } finally {
      giveBack();
    }
    verify(attempt.forced(), attempt.written(), left);
  }

  private void writeWith(int left) throws IOException {
    int written = there;
    int forced = there;
    Session session = subject.open(folder);
    takeAllBut(left);
    try {
      while (written < there + BATCHES) {
        for (int i = 0; i < BATCHES_PER_FORCE; i++) {
          session.write(++written);
        }
        session.force();
        forced = written;
      }
    } catch (UnavailableException | UnknownOutcomeException e) {
      // As it should be; how much came through is seen below.
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("written with " + left + " files left", e);
    } finally {
      giveBack();
      Attempt.close(session);
    }
    verify(forced, written, left);
  }

  private void verify(int forced, int written, int left) {
    try (Session session = subject.open(folder)) {
      Finding finding = session.read(written);
      if (finding.damage() != null || finding.batches() < forced) {
        throw new AssertionError(
            "with " + left + " files left: of " + forced + " batches there is " + finding);
      }
      there = finding.batches();
    } catch (MillraceException e) {
      throw new AssertionError("cannot be opened after there were " + left + " files", e);
    }
  }

  private void takeAllBut(int left) throws IOException {
    try {
      while (true) {
        taken.push(new FileInputStream("/dev/null"));
      }
    } catch (IOException e) {
      // No more files can be opened.
    }
    for (int i = 0; i < left; i++) {
      taken.pop().close();
    }
  }

  private void giveBack() throws IOException {
    while (!taken.isEmpty()) {
      taken.pop().close();
    }
  }
}
