package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;

/**
 * How far one database was taken from another.
 *
 * @param incarnation of the source's log
 * @param sequence everything selected up to this one is here
 * @param anchor by which the source recognises its history; at or before {@code sequence}, and
 *     where to go on from
 */
public record PullCheckpoint(Incarnation incarnation, long sequence, Anchor anchor) {}
