package io.millrace.engine.replication;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A peer as it is written down.
 *
 * @param name what it is called here; no two have the same
 * @param address where it is reached; null for one that connects to this side
 * @param key what encrypts the way to it; null when nothing does
 * @param database what it was found to be; null before it was reached for the first time
 * @param selection what is taken from it
 * @param oneWay whether only this side takes
 * @param removed whether it was removed, and is remembered so that it does not add itself again
 */
public record KnownPeer(
    String name,
    @Nullable String address,
    @Nullable String key,
    @Nullable UUID database,
    Selection selection,
    boolean oneWay,
    boolean removed) {}
