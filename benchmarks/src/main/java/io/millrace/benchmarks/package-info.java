/**
 * JMH benchmarks of the parts that every request goes through: log, store, revision trees, map
 * views. Modules are found by name, so that a new one is compared by a parameter. No timed tests
 * and nothing that the server uses.
 */
@NullMarked
package io.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
