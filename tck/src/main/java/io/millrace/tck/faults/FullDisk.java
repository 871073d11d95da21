package io.millrace.tck.faults;

import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A life on a disk that becomes full: while writing, when it is opened, and when it is made. Runs
 * in a process whose disk it is.
 */
final class FullDisk {
  private static final int BATCHES_PER_FORCE = 50;
  private static final int MORE = 60;
  private static final int CHUNK_BYTES = 1 << 16;

  private final Subject subject;
  private final Path disk;
  private final int freeMebibytes;
  private final int most;
  private final Path ballast;
  private int written;
  private int forced;

  /**
   * @param disk where the disk is mounted
   * @param freeMebibytes how much may be written
   * @param most after how many batches it must have been full
   */
  FullDisk(Subject subject, Path disk, int freeMebibytes, int most) {
    this.subject = subject;
    this.disk = disk;
    this.freeMebibytes = freeMebibytes;
    this.most = most;
    this.ballast = disk.resolve("ballast");
  }

  void run() throws IOException {
    Path folder = disk.resolve("data");
    writeUntilRefused(folder);
    goOn(folder);
    openOnFullDisk(folder);
    makeOnFullDisk(disk.resolve("new"));
  }

  private void writeUntilRefused(Path folder) throws IOException {
    Session session = subject.open(folder);
    try {
      fillUp((long) freeMebibytes << 20);
      MillraceException refusal = null;
      while (refusal == null) {
        if (written >= most) {
          throw new AssertionError("after " + written + " batches nothing was refused");
        }
        refusal = writeSome(session, BATCHES_PER_FORCE);
      }
      require(session.read(written), "while the disk is full");
      Files.delete(ballast);
      if (refusal instanceof UnavailableException) {
        goOnAtOnce(session);
      }
    } finally {
      Files.deleteIfExists(ballast);
      Attempt.close(session);
    }
  }

  /**
   * There is room again, and it may go on without being opened anew, or still refuse; it must not
   * put later batches behind one that was not written.
   */
  private void goOnAtOnce(Session session) {
    written = session.read(written).batches();
    writeSome(session, MORE);
    require(session.read(written), "when there was room again");
  }

  /** Returns the refusal, if there is one. */
  private @Nullable MillraceException writeSome(Session session, int batches) {
    try {
      for (int i = 0; i < batches; i++) {
        session.write(++written);
      }
      session.force();
      forced = written;
      return null;
    } catch (UnavailableException | UnknownOutcomeException e) {
      return e;
    }
  }

  private void require(Finding finding, String when) {
    if (finding.damage() != null) {
      throw new AssertionError(when + ": damaged", finding.damage());
    }
    if (finding.batches() < forced) {
      throw new AssertionError(
          when + ": " + finding.batches() + " of " + forced + " durable batches");
    }
  }

  /** There is room again: everything is there, and it goes on. */
  private void goOn(Path folder) {
    try (Session session = subject.open(folder)) {
      Finding finding = session.read(written);
      require(finding, "after the disk was full");
      written = finding.batches();
      MillraceException refusal = writeSome(session, MORE);
      if (refusal != null) {
        throw new AssertionError("there is room again", refusal);
      }
      require(session.read(written), "after it went on");
    }
  }

  private void openOnFullDisk(Path folder) throws IOException {
    fillUp(0);
    Attempt attempt = new Attempt(subject, folder, written);
    attempt.run();
    forced = attempt.forced();
    written = attempt.written();
    Files.delete(ballast);
    goOn(folder);
  }

  private void makeOnFullDisk(Path folder) throws IOException {
    fillUp(0);
    Attempt attempt = new Attempt(subject, folder, 0);
    attempt.run();
    forced = attempt.forced();
    written = attempt.written();
    Files.delete(ballast);
    goOn(folder);
  }

  /** Leaves so many bytes. */
  private void fillUp(long free) throws IOException {
    byte[] chunk = new byte[CHUNK_BYTES];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (Files.getFileStore(disk).getUsableSpace() > free) {
        long rest = Files.getFileStore(disk).getUsableSpace() - free;
        out.write(chunk, 0, (int) Math.min(rest, CHUNK_BYTES));
      }
    }
  }
}
