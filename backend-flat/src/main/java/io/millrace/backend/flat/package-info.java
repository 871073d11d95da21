/**
 * What stores share whose engine has one ordered space of keys: keyspaces as prefixes, ranged
 * deletes, dropped keyspaces, checkpoints, and the guard against use after close.
 *
 * <p>A store is made of this and a {@link io.millrace.backend.flat.FlatEngine}. Nothing here knows
 * an engine, nor what the rows mean.
 */
@NullMarked
package io.millrace.backend.flat;

import org.jspecify.annotations.NullMarked;
