/**
 * Replication: which revisions a peer has and this database has not, and how they get here. Each
 * side takes what it lacks; the other side answers and remembers nothing. How frames travel is the
 * transport's affair, what becomes of revisions is the writer's.
 */
@NullMarked
package io.millrace.engine.replication;

import org.jspecify.annotations.NullMarked;
