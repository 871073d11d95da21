package io.millrace.api.replication;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer to be added.
 *
 * @param name what it is called here; null for the host of its address
 * @param address where it listens
 * @param key what encrypts the way to it; null when it has none
 * @param buckets which buckets to take from it: names in which {@code *} stands for any letters;
 *     empty for all
 * @param oneWay whether only this side takes from the other one. Otherwise the other one takes from
 *     this side, too, over the same link
 * @param fullHistory whether to take the bodies of superseded revisions, too
 */
public record PeerRequest(
    @Nullable String name,
    String address,
    @Nullable String key,
    List<String> buckets,
    boolean oneWay,
    boolean fullHistory) {
  public PeerRequest {
    buckets = List.copyOf(buckets);
  }

  /** All buckets, both ways. */
  public static PeerRequest of(String address) {
    return new PeerRequest(null, address, null, List.of(), false, false);
  }
}
