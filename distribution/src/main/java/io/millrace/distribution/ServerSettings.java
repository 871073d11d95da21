package io.millrace.distribution;

import io.millrace.rest.RestSettings;
import io.millrace.spi.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this server was told to be, all of it checked.
 *
 * @param data the folder of the database
 * @param node what this server is called in lists of peers
 * @param logSettings texts of the chosen log module's settings
 * @param storeSettings texts of the chosen store module's settings
 * @param viewSettings texts of each view module's settings, by module
 * @param transportType the module that carries replication; null for none
 * @param transportSettings texts of its settings
 * @param autoCreateBuckets whether a first write makes its bucket
 * @param treeDepth how many revisions of each branch are known
 * @param compactionRate how many bytes of the log a compaction works on in a second
 * @param compactionInterval after which bodies are looked for that are not kept; null for never
 * @param acceptLoss whether to start although acknowledged writes are gone
 */
record ServerSettings(
    Path data,
    String node,
    String logType,
    Map<String, String> logSettings,
    String storeType,
    Map<String, String> storeSettings,
    Map<String, Map<String, String>> viewSettings,
    @Nullable String transportType,
    Map<String, String> transportSettings,
    boolean autoCreateBuckets,
    int maxBodyBytes,
    int treeDepth,
    long compactionRate,
    @Nullable Duration compactionInterval,
    boolean acceptLoss,
    RestSettings rest) {
  static final String PREFIX = "millrace.";
  static final String HTTP_PREFIX = "millrace.http.";
  static final String LOG_PREFIX = "millrace.log.";
  static final String STORE_PREFIX = "millrace.store.";
  static final String VIEW_PREFIX = "millrace.view.";
  static final String TRANSPORT_PREFIX = "millrace.replication.";

  /** The keys under which a transport that listens somewhere declares where. */
  static final String HOST = "host";

  static final String PORT = "port";

  /** The key under which a log module that can be told when to force declares it. */
  static final String SYNC = "sync";

  /** Stands for what the operating system calls this machine. */
  static final String HOST_NAME = "(host name)";

  static final Setting<Path> DATA =
      new Setting<>(
          "data",
          "The folder of the database; made when it is missing.",
          "./data",
          "a path",
          true,
          Path::of);

  static final Setting<Path> PLUGINS =
      new Setting<>(
          "plugins",
          "The folder of plug-ins, each of them a folder of jars or a single jar; it may be"
              + " missing.",
          "./plugins",
          "a path",
          true,
          Path::of);

  static final Setting<String> NODE =
      new Setting<>(
          "node",
          "What this server is called in `GET /`, in logs and by its peers.",
          HOST_NAME,
          "1 to 255 letters, digits, dots, hyphens and underscores",
          true,
          text -> text.equals(HOST_NAME) ? text : matching(text, "[A-Za-z0-9._-]{1,255}"));

  static final Setting<String> LOG_TYPE = module("log.type", "The log module.", "file", false);

  static final Setting<String> LOG_SYNC =
      new Setting<>(
          "log.sync",
          "When an acknowledged write is forced to disk: before it is acknowledged (`always`), at"
              + " the latest so long after (a duration), or when the operating system likes (`os`)."
              + " Short for the key `sync` of the chosen log module.",
          "always",
          "always, os, or a duration such as 250ms",
          true,
          ServerSettings::sync);

  static final Setting<String> STORE_TYPE =
      module("store.type", "The store module for indexes and views.", "rocksdb", false);

  static final Setting<Boolean> AUTO_CREATE =
      Setting.flag(
          "buckets.auto-create", "Whether the first write to a bucket makes the bucket.", true);

  static final Setting<Long> MAX_DOCUMENT =
      Setting.size(
          "documents.max-size",
          "The longest document that is accepted, in bytes of JSON.",
          "8MiB",
          1 << 10,
          64 << 20);

  static final Setting<Long> TREE_DEPTH =
      Setting.number(
          "documents.tree-depth",
          "How many revisions of each branch are known to a document's tree; older ones stay in its"
              + " history.",
          1_000,
          1,
          1_000_000);

  static final Setting<Long> COMPACTION_RATE =
      Setting.size(
          "compaction.rate",
          "How many bytes of the log a compaction may read or write in a second.",
          "32MiB",
          64 << 10,
          1L << 40);

  /** Stands for no transport at all. */
  static final String NO_REPLICATION = "none";

  static final Setting<String> TRANSPORT_TYPE =
      module(
          "replication.type",
          "The module that carries replication between servers, or `none`.",
          "zmq",
          true);

  static final Setting<String> REPLICATION_HOST =
      new Setting<>(
          "replication.host",
          "The address on which other servers are listened to. Short for the key `host` of the"
              + " chosen transport.",
          "127.0.0.1",
          "an IP address or a name of this machine",
          true,
          text -> text);

  static final Setting<String> REPLICATION_PORT =
      new Setting<>(
          "replication.port",
          "The port on which other servers are listened to; 0 for any that is free. Short for the"
              + " key `port` of the chosen transport.",
          "1445",
          "a number from 0 to 65535, or off",
          true,
          text -> matching(text, "off|[0-9]{1,5}"));

  private static final String NEVER = "off";

  static final Setting<String> COMPACTION_INTERVAL =
      new Setting<>(
          "compaction.interval",
          "How often to look for bodies that the retention of their buckets does not keep, and to"
              + " compact the log if there are any; first five minutes after the start. What was"
              + " purged is erased at once in any case.",
          "24h",
          "off, or a duration from 1s to 8760h such as 12h",
          true,
          text -> {
            compactionInterval(text);
            return text;
          });

  static final Setting<Boolean> ACCEPT_LOSS =
      Setting.flag(
          "recovery.accept-loss",
          "Whether to start although acknowledged writes at the end of the log were destroyed; set"
              + " it for one start only.",
          false);

  /** Stands for no folder at all. */
  static final String NO_FOLDER = "(none)";

  static final Setting<String> BACKUP_FOLDER =
      new Setting<>(
          "backup.folder",
          "The folder below which clients may make backups of the database with"
              + " `POST /_system/backup`; without it they may not.",
          NO_FOLDER,
          "a path",
          true,
          text -> text.equals(NO_FOLDER) ? text : Path.of(text).toString());

  static final Setting<Boolean> NO_OP =
      Setting.flag(
          "benchmark.no-op",
          "Whether to answer under `/_system/no-op` without doing anything, for measuring what HTTP"
              + " costs.",
          false);

  /** The server's own settings; keys without {@link #PREFIX}. */
  static List<Setting<?>> declared() {
    return List.of(
        DATA,
        PLUGINS,
        NODE,
        LOG_TYPE,
        LOG_SYNC,
        STORE_TYPE,
        AUTO_CREATE,
        MAX_DOCUMENT,
        TREE_DEPTH,
        COMPACTION_RATE,
        TRANSPORT_TYPE,
        REPLICATION_HOST,
        REPLICATION_PORT,
        COMPACTION_INTERVAL,
        ACCEPT_LOSS,
        BACKUP_FOLDER,
        NO_OP);
  }

  private static Setting<String> module(
      String key, String meaning, String defaultText, boolean changeable) {
    return new Setting<>(
        key,
        meaning,
        defaultText,
        "the name of a module that is installed",
        changeable,
        text -> matching(text, "[a-z0-9-]{1,64}"));
  }

  private static String matching(String text, String pattern) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException("does not match " + pattern);
    }
    return text;
  }

  /** The time that {@code text} stands for; null for never. */
  static @Nullable Duration compactionInterval(String text) {
    if (text.equals(NEVER)) {
      return null;
    }
    Duration interval = Setting.parseDuration(text);
    if (interval.toSeconds() < 1 || interval.toHours() > 8_760) {
      throw new IllegalArgumentException("out of range");
    }
    return interval;
  }

  private static String sync(String text) {
    if (text.equals("always") || text.equals("os")) {
      return text;
    }
    Duration interval = Setting.parseDuration(text);
    if (interval.isZero()) {
      throw new IllegalArgumentException("no time at all");
    }
    return text;
  }
}
