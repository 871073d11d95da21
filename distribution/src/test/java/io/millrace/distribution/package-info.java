/**
 * Tests of the whole: the packaged server in a process of its own, and the rules that the modules
 * keep between them.
 */
@NullMarked
package io.millrace.distribution;

import org.jspecify.annotations.NullMarked;
