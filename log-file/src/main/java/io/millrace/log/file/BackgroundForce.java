package io.millrace.log.file;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Forces the log every so often, on a thread of its own. */
final class BackgroundForce implements Runnable {
  private final Appender appender;
  private final Duration interval;
  private final CountDownLatch ended = new CountDownLatch(1);

  BackgroundForce(Appender appender, Duration interval) {
    this.appender = appender;
    this.interval = interval;
  }

  @Override
  public void run() {
    try {
      while (!ended.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        appender.forceInBackground();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does this; the thread ends
    }
  }

  void end() {
    ended.countDown();
  }
}
