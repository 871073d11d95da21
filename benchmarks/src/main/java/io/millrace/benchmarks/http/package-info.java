/**
 * The load harness: starts the packaged server as an operator would, puts load on it with wrk, and
 * reports each figure next to what a request that does nothing costs in the same run. Sees the
 * server through HTTP and the operating system alone.
 */
@NullMarked
package io.millrace.benchmarks.http;

import org.jspecify.annotations.NullMarked;
