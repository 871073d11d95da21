/**
 * The log that keeps its records in segment files, several appends to one force.
 *
 * <p>Here live the file format (also described byte by byte in {@code docs/formats/log-file.md}),
 * recovery, the appending thread and the cursors. What a record means does not: to this package a
 * record is bytes. Positions inside files never leave it.
 */
@NullMarked
package io.millrace.log.file;

import org.jspecify.annotations.NullMarked;
