/**
 * Data folders that no server holds: which modules open them, and what the operator said about
 * those.
 */
@NullMarked
package io.millrace.cli.folder;

import org.jspecify.annotations.NullMarked;
