/** Tests that the benchmarks measure what they say; none of them is timed. */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
