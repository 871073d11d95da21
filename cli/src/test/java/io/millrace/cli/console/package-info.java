/** Tests of what commands share. */
@NullMarked
package io.millrace.cli.console;

import org.jspecify.annotations.NullMarked;
