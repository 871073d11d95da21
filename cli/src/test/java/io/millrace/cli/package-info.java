/** Tests of the command line, in the process of the test. */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
