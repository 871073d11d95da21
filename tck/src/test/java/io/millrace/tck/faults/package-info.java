/** The tests of the fault kit itself: a right store and log in one file, and wrong ones. */
@NullMarked
package io.millrace.tck.faults;

import org.jspecify.annotations.NullMarked;
