/**
 * The contract of a transport as tests: a module extends {@link
 * io.millrace.tck.transport.TransportTck} and supplies a {@link
 * io.millrace.tck.transport.TransportFixture}. Beside them a plain transport within one process,
 * for tests of whatever needs one.
 */
@NullMarked
package io.millrace.tck.transport;

import org.jspecify.annotations.NullMarked;
