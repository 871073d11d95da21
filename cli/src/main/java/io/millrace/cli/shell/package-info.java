/**
 * The shell: every command without the name of the program before it, and the statements of
 * deltadb's command line, at a terminal or from a pipe.
 */
@NullMarked
package io.millrace.cli.shell;

import org.jspecify.annotations.NullMarked;
