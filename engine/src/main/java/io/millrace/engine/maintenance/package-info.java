/**
 * What is done to a whole database: checking, backing up, restoring, converting. One public class
 * for each, to be used by a command line as well as by a server.
 *
 * <p>All but the backup work on folders that no server holds. Nothing here prints or exits.
 */
@NullMarked
package io.millrace.engine.maintenance;

import org.jspecify.annotations.NullMarked;
