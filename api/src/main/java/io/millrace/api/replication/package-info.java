/**
 * How servers exchange what they hold: the peers of a database, and the transport that carries
 * frames between them. What is in the frames is the engine's affair and not told here.
 */
@NullMarked
package io.millrace.api.replication;

import org.jspecify.annotations.NullMarked;
