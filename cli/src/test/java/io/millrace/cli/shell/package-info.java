/** Tests of the shell. */
@NullMarked
package io.millrace.cli.shell;

import org.jspecify.annotations.NullMarked;
