package io.millrace.rest;

import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator chose about HTTP, all of it checked.
 *
 * @param heartbeat how often a silent feed sends a comment
 * @param stallLimit how long a client may keep its connection full before it is cut off
 * @param maxRequestBytes the longest body that is gathered before it is looked at: an array or a
 *     batch; a streamed import may be of any length
 * @param readThreads how many threads answer reads; 0 for as many as there are cores
 * @param maxDocumentBytes the longest document that is accepted
 * @param noOp whether the resources that do nothing are there
 * @param backupFolder below which backups may be made; null when clients may make none
 */
public record RestSettings(
    Duration heartbeat,
    Duration stallLimit,
    int maxRequestBytes,
    int readThreads,
    int maxDocumentBytes,
    boolean noOp,
    @Nullable Path backupFolder) {
  private static final Setting<Duration> HEARTBEAT =
      Setting.duration(
          "heartbeat",
          "How often a live feed without news sends a comment line.",
          "15s",
          Duration.ofMillis(100),
          Duration.ofHours(1));
  private static final Setting<Duration> STALL_LIMIT =
      Setting.duration(
          "stall-limit",
          "How long a client may leave its connection full before a live feed or a long answer is"
              + " cut off.",
          "30s",
          Duration.ofMillis(100),
          Duration.ofHours(1));
  private static final Setting<Long> MAX_REQUEST =
      Setting.size(
          "max-request-size",
          "The longest body of an array of documents or a batch, in bytes; imports are not limited.",
          "64MiB",
          1 << 10,
          1 << 30);
  private static final Setting<Long> READ_THREADS =
      Setting.number(
          "read-threads",
          "How many threads answer reads; 0 for as many as there are processors.",
          0,
          0,
          1024);

  /** The settings of this module; keys without {@code millrace.http.}. */
  public static List<Setting<?>> declared() {
    return List.of(HEARTBEAT, STALL_LIMIT, MAX_REQUEST, READ_THREADS);
  }

  /** Takes the values out of {@code http}, which was read with {@link #declared()}. */
  public static RestSettings of(
      Settings http, int maxDocumentBytes, boolean noOp, @Nullable Path backupFolder) {
    return new RestSettings(
        http.get(HEARTBEAT),
        http.get(STALL_LIMIT),
        Math.toIntExact(http.get(MAX_REQUEST)),
        Math.toIntExact(http.get(READ_THREADS)),
        maxDocumentBytes,
        noOp,
        backupFolder);
  }
}
