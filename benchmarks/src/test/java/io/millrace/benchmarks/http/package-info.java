/** Tests of the load harness that need neither a server nor a load generator. */
@NullMarked
package io.millrace.benchmarks.http;

import org.jspecify.annotations.NullMarked;
