/** Tests of the benchmark of queries. */
@NullMarked
package io.millrace.benchmarks.queries;

import org.jspecify.annotations.NullMarked;
