/**
 * The command line: what an operator does to a database without its server, and what is asked of a
 * running server.
 *
 * <p>The only package that prints. The work itself is done by {@code io.millrace.engine}; here are
 * options, words, progress and exit codes.
 */
@NullMarked
package io.millrace.cli;

import org.jspecify.annotations.NullMarked;
