package io.millrace.cli.console;

import io.millrace.engine.maintenance.ProgressListener;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far long work has come, how fast it goes and how long it will take: on a terminal one
 * line that is written over, elsewhere a line now and then. For one thread.
 */
public final class ProgressLine implements ProgressListener, AutoCloseable {
  private static final long REDRAW_NANOS = Duration.ofMillis(200).toNanos();
  private static final long REPORT_NANOS = Duration.ofSeconds(10).toNanos();

  /** Back to the first column, and everything after it wiped out. */
  private static final String WIPE = "\r\033[K";

  private final PrintWriter err;
  private final boolean terminal;
  private final LongSupplier nanoTime;
  private String step = "";
  private long stepBegan;
  private long doneBefore;
  private long shown;
  private boolean onScreen;

  ProgressLine(PrintWriter err, boolean terminal, LongSupplier nanoTime) {
    this.err = err;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.shown = nanoTime.getAsLong();
  }

  @Override
  public void progress(String newStep, long done, long total, String unit) {
    long now = nanoTime.getAsLong();
    if (!newStep.equals(step)) {
      step = newStep;
      stepBegan = now;
      doneBefore = done;
    }
    if (now - shown < (terminal ? REDRAW_NANOS : REPORT_NANOS)) {
      return;
    }
    shown = now;
    String line = line(done, total, unit, now - stepBegan);
    if (terminal) {
      err.print(WIPE + line);
      err.flush();
      onScreen = true;
    } else {
      err.println(line);
    }
  }

  private String line(long done, long total, String unit, long nanos) {
    StringBuilder line = new StringBuilder(step);
    line.append(": ").append(amount(done, unit));
    if (total > done) {
      line.append(" of ").append(amount(total, unit));
    }
    line.append(' ').append(unit.equals("bytes") ? "MiB" : unit);
    if (total > 0) {
      line.append(String.format(Locale.ROOT, ", %d%%", 100 * done / Math.max(total, done)));
    }
    double rate = nanos <= 0 ? 0 : (done - doneBefore) * 1e9 / nanos;
    if (rate > 0) {
      line.append(", ").append(amount((long) rate, unit)).append("/s");
      if (total > done) {
        line.append(", ").append(time((long) ((total - done) / rate))).append(" left");
      }
    }
    return line.toString();
  }

  private static String amount(long count, String unit) {
    return unit.equals("bytes")
        ? String.format(Locale.ROOT, "%,.1f", count / (double) (1 << 20))
        : String.format(Locale.ROOT, "%,d", count);
  }

  private static String time(long seconds) {
    return seconds < 3_600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3_600, seconds / 60 % 60, seconds % 60);
  }

  @Override
  public void close() {
    wipe();
  }

  /** Leaves the screen as it was. */
  public void wipe() {
    if (onScreen) {
      err.print(WIPE);
      err.flush();
      onScreen = false;
    }
  }
}
