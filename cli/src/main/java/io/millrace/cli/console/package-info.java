/**
 * What commands share: what surrounds them, their common options, tables, progress, messages and
 * exit codes.
 *
 * <p>Nothing here knows a database.
 */
@NullMarked
package io.millrace.cli.console;

import org.jspecify.annotations.NullMarked;
