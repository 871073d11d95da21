package io.millrace.engine;

import io.millrace.api.Database;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.Modules;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewProvider;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The choices with which a database is opened. For one thread, used once. */
public final class MillraceBuilder {
  private static final int MIN_BODY_BYTES = 1_024;
  private static final int MAX_BODY_BYTES = 64 << 20;

  final Path folder;
  String logType = "file";
  Map<String, String> logSettings = Map.of();
  String storeType = "rocksdb";
  Map<String, String> storeSettings = Map.of();
  final Map<String, Map<String, String>> viewSettings = new HashMap<>();
  @Nullable String transportType;
  Map<String, String> transportSettings = Map.of();
  Clock clock = Clock.systemUTC();
  RandomGenerator random = new SecureRandom();
  Meters meters = Meters.none();
  private ClassLoader classLoader = MillraceBuilder.class.getClassLoader();
  private @Nullable Modules<LogProvider> logs;
  private @Nullable Modules<StoreProvider> stores;
  private @Nullable Modules<ViewProvider> views;
  private @Nullable Modules<FoldProvider> folds;
  private @Nullable Modules<TransportProvider> transports;
  String node = "millrace";
  boolean autoCreateBuckets = true;
  int maxBodyBytes = 8 << 20;
  boolean acceptLoss;
  int treeDepth = 1_000;
  long compactionRate = 32L << 20;
  @Nullable Duration compactionInterval = Duration.ofDays(1);

  MillraceBuilder(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Which log, and its settings as texts. {@code file} by default. */
  public MillraceBuilder log(String type, Map<String, String> settings) {
    logType = type;
    logSettings = Map.copyOf(settings);
    return this;
  }

  /** Which store, and its settings as texts. {@code rocksdb} by default. */
  public MillraceBuilder store(String type, Map<String, String> settings) {
    storeType = type;
    storeSettings = Map.copyOf(settings);
    return this;
  }

  /** The settings of the views of one type, as texts. */
  public MillraceBuilder viewSettings(String type, Map<String, String> settings) {
    viewSettings.put(type, Map.copyOf(settings));
    return this;
  }

  /**
   * Which transport carries replication, and its settings as texts. None by default: then the
   * database has no peers.
   */
  public MillraceBuilder transport(String type, Map<String, String> settings) {
    transportType = type;
    transportSettings = Map.copyOf(settings);
    return this;
  }

  /** Tells the time of commits. */
  public MillraceBuilder clock(Clock theClock) {
    clock = theClock;
    return this;
  }

  /** Makes new identities; must be safe for use by many threads. */
  public MillraceBuilder random(RandomGenerator theRandom) {
    random = theRandom;
    return this;
  }

  /** Where to count and measure; nowhere by default. */
  public MillraceBuilder meters(Meters theMeters) {
    meters = theMeters;
    return this;
  }

  /** Where modules are looked for. */
  public MillraceBuilder classLoader(ClassLoader loader) {
    classLoader = loader;
    return this;
  }

  /** The modules to choose from, which are not looked for then. */
  public MillraceBuilder modules(
      Modules<LogProvider> theLogs,
      Modules<StoreProvider> theStores,
      Modules<ViewProvider> theViews) {
    logs = theLogs;
    stores = theStores;
    views = theViews;
    return this;
  }

  /** The folds that definitions may name, which are not looked for then. */
  public MillraceBuilder folds(Modules<FoldProvider> theFolds) {
    folds = theFolds;
    return this;
  }

  /** The transports to choose from, which are not looked for then. */
  public MillraceBuilder transports(Modules<TransportProvider> theTransports) {
    transports = theTransports;
    return this;
  }

  /** The name that the operator gives to this server. */
  public MillraceBuilder node(String name) {
    node = name;
    return this;
  }

  /** Whether writing to a bucket makes it; yes by default. */
  public MillraceBuilder autoCreateBuckets(boolean create) {
    autoCreateBuckets = create;
    return this;
  }

  /** The most bytes that one document's body may have; 8 MiB by default. */
  public MillraceBuilder maxBodyBytes(int bytes) {
    if (bytes < MIN_BODY_BYTES || bytes > MAX_BODY_BYTES) {
      throw new IllegalArgumentException(
          "maxBodyBytes must be from "
              + MIN_BODY_BYTES
              + " to "
              + MAX_BODY_BYTES
              + ", not "
              + bytes);
    }
    maxBodyBytes = bytes;
    return this;
  }

  /** Whether to go on when acknowledged records are gone; no by default. */
  public MillraceBuilder acceptLoss(boolean accept) {
    acceptLoss = accept;
    return this;
  }

  /** How many revisions of each branch a document's tree keeps; 1,000 by default. */
  public MillraceBuilder treeDepth(int revisions) {
    if (revisions < 1) {
      throw new IllegalArgumentException("treeDepth must be 1 or more, not " + revisions);
    }
    treeDepth = revisions;
    return this;
  }

  /**
   * How many bytes of the log a compaction may read or write in a second, so that others have their
   * share of the disk; 32 MiB by default.
   */
  public MillraceBuilder compactionRate(long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException("compactionRate must be 1 or more, not " + bytesPerSecond);
    }
    compactionRate = bytesPerSecond;
    return this;
  }

  /**
   * How often to look for bodies that the retention of their buckets does not keep, and to compact
   * if there are any; first after this time or five minutes, whichever is less. Every day by
   * default.
   *
   * @param interval one second or more; null to compact only when {@link Database#compact} is
   *     called
   */
  public MillraceBuilder compactionInterval(@Nullable Duration interval) {
    if (interval != null && interval.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "compactionInterval must be one second or more, not " + interval);
    }
    compactionInterval = interval;
    return this;
  }

  /**
   * Whether a write is acknowledged only when it is forced. Otherwise the end of the log may be
   * missing after a crash, as the operator chose, and an index that had seen it is no sign of
   * damage.
   */
  boolean everyWriteForced() {
    return logSettings.getOrDefault("sync", "always").equals("always");
  }

  Modules<LogProvider> logs() {
    return logs == null ? Modules.find("log", LogProvider.class, classLoader) : logs;
  }

  Modules<StoreProvider> stores() {
    return stores == null ? Modules.find("store", StoreProvider.class, classLoader) : stores;
  }

  Modules<ViewProvider> views() {
    return views == null ? Modules.find("view", ViewProvider.class, classLoader) : views;
  }

  Modules<FoldProvider> folds() {
    return folds == null ? Modules.find("fold", FoldProvider.class, classLoader) : folds;
  }

  Modules<TransportProvider> transports() {
    return transports == null
        ? Modules.find("transport", TransportProvider.class, classLoader)
        : transports;
  }

  /**
   * Opens the database: recovers the log, brings the index to where the log is, and takes up the
   * queries. Blocks until it can be read and written.
   *
   * @throws io.millrace.api.error.MillraceException when it cannot be opened; the message says why
   *     and what to do
   */
  public Database open() {
    return LocalDatabase.open(this);
  }
}
