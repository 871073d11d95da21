/**
 * Replication over ZeroMQ: frames in CURVE's encryption, compressed, in pieces, with a window for
 * each link. What is in the frames is not known here.
 *
 * <p>ZeroMQ's own high-water marks are not used: with CURVE, JeroMQ hands out a piece still
 * encrypted when it meets one (its issue 1009). Pieces are short, so that nobody who has not proved
 * who they are makes this side hold much memory.
 */
@NullMarked
package io.millrace.replication.zmq;

import org.jspecify.annotations.NullMarked;
