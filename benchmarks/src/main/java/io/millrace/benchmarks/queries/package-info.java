/**
 * Measures queries in an embedded database: builds, reads, freshness, and what they cost writes.
 */
@NullMarked
package io.millrace.benchmarks.queries;

import org.jspecify.annotations.NullMarked;
