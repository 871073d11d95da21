package io.millrace.api.replication;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A peer as it is now.
 *
 * @param name what it is called here
 * @param address where it is reached; null for one that connects to this side
 * @param key what encrypts the way to it; null when nothing does
 * @param database what it says that it is; null before it was reached for the first time
 * @param buckets which buckets are taken from it; empty for all
 * @param oneWay whether only this side takes
 * @param fullHistory whether the bodies of superseded revisions are taken, too
 * @param state what is going on
 * @param sequence how far this side has taken what the peer has, in the peer's own sequences
 * @param lagChanges how many sequences the peer is ahead of that, as far as known
 * @param lag how old what was last taken is while there is more; zero when there is no more
 * @param bytesReceived over all links to it since the database was opened
 * @param bytesSent likewise
 * @param lastError what went wrong last, for people; null when nothing did
 * @param lastSeen when something came from it; null when nothing has since the database was opened
 */
public record Peer(
    String name,
    @Nullable String address,
    @Nullable String key,
    @Nullable UUID database,
    List<String> buckets,
    boolean oneWay,
    boolean fullHistory,
    State state,
    long sequence,
    long lagChanges,
    Duration lag,
    long bytesReceived,
    long bytesSent,
    @Nullable String lastError,
    @Nullable Instant lastSeen) {
  public Peer {
    buckets = List.copyOf(buckets);
  }

  /** What goes on with a peer. */
  public enum State {
    /** It is not reached; this side tries again and again. */
    DOWN,
    /** What it has and this side has not is being taken. */
    CATCHING_UP,
    /** Everything was taken; what it writes comes at once. */
    LIVE,
    /** It speaks another version, does not want to be a peer, or is this very database. */
    REFUSED;

    /** The word for documents and messages, for example {@code catching-up}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
