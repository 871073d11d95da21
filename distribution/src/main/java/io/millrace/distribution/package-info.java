/**
 * The server: reads the configuration, opens the database with the modules that it chooses, and
 * tells operators how it is.
 *
 * <p>No HTTP resource for documents lives here, and nothing that the embedded database needs.
 */
@NullMarked
package io.millrace.distribution;

import org.jspecify.annotations.NullMarked;
