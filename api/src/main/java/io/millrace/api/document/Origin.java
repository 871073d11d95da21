package io.millrace.api.document;

import java.time.Instant;
import java.util.UUID;

/**
 * Where and when a commit was made that a peer sent.
 *
 * @param database the database that made it first
 * @param time when, by that database's clock, to the millisecond
 */
public record Origin(UUID database, Instant time) {}
