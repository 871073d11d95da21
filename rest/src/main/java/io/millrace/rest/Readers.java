package io.millrace.rest;

import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * The threads that read from the database, so that the event loops never wait for a disk.
 *
 * <p>Short reads have a few threads of their own, about one for each core: under load these never
 * sleep, and many answers go back with one wake-up of an event loop. Scans and large texts, which
 * take long, have others, so that they cannot keep short reads waiting.
 */
@Singleton
final class Readers {
  private static final int MOST_SCANS = 16;
  private static final int IDLE_SECONDS = 30;

  private final ExecutorService shortReads;
  private final ThreadPoolExecutor scans;

  Readers(RestSettings settings) {
    int threads =
        settings.readThreads() > 0
            ? settings.readThreads()
            : Runtime.getRuntime().availableProcessors();
    shortReads = Executors.newFixedThreadPool(threads, named("millrace-read-"));
    scans =
        new ThreadPoolExecutor(
            MOST_SCANS,
            MOST_SCANS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            named("millrace-scan-"));
    scans.allowCoreThreadTimeOut(true);
  }

  /** Runs a short read; its exception fails the result. */
  <T> CompletableFuture<T> read(Supplier<T> reading) {
    return CompletableFuture.supplyAsync(reading, shortReads);
  }

  /** Runs what may take long; its exception fails the result. */
  <T> CompletableFuture<T> scan(Supplier<T> reading) {
    return CompletableFuture.supplyAsync(reading, scans);
  }

  /** Where short reads run. */
  Executor shortReads() {
    return shortReads;
  }

  /** Where long ones run. */
  Executor scans() {
    return scans;
  }

  void stop(@Observes ShutdownEvent event) {
    shortReads.shutdown();
    scans.shutdown();
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger made = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + made.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }
}
