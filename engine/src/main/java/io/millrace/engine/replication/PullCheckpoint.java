package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;

/**
 * How far one database was taken from another.
 *
 * @param incarnation of the source's log
 * @param sequence everything selected up to this one is here
 * @param anchor by which the source recognises its history; at or behind {@code sequence}, where
 *     the source's history ended when it last told what changed. Had it lost anything before that,
 *     a document that was to come later would be where it has changed before
 */
public record PullCheckpoint(Incarnation incarnation, long sequence, Anchor anchor) {}
