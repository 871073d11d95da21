package io.millrace.engine.replication;

import java.time.Duration;

/**
 * How replication goes about its work.
 *
 * @param name what this server calls itself when it meets others
 * @param firstRetry after how long it tries again when a peer is not reached; doubled each time
 * @param longestRetry up to this
 * @param requestTimeout after how long a request without an answer is repeated
 * @param requestTries how often a request is made before the session is given up
 * @param liveWait how long a peer that has nothing new is asked to wait before it says so
 * @param silence after how long without a word the other side is asked whether it is there; after
 *     three times as long it is taken for gone
 * @param documentsPerOffer how many documents are compared at a time
 * @param revisionsPerRequest how many revisions are asked for at a time
 * @param bytesPerRequest how many bytes of them
 * @param requestsAtOnce how many such requests are under way to one peer; so this times the bytes
 *     is the memory that a peer's answers take
 */
public record ReplicationOptions(
    String name,
    Duration firstRetry,
    Duration longestRetry,
    Duration requestTimeout,
    int requestTries,
    Duration liveWait,
    Duration silence,
    int documentsPerOffer,
    int revisionsPerRequest,
    long bytesPerRequest,
    int requestsAtOnce) {
  /** What suits servers of one or several data centres. */
  public static ReplicationOptions defaults(String name) {
    return new ReplicationOptions(
        name,
        Duration.ofMillis(100),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        4,
        Duration.ofSeconds(20),
        Duration.ofSeconds(5),
        2_000,
        500,
        1 << 20,
        3);
  }
}
