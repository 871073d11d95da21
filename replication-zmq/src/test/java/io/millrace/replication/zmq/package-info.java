/** Tests of the transport over ZeroMQ. */
@NullMarked
package io.millrace.replication.zmq;

import org.jspecify.annotations.NullMarked;
