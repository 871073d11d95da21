/**
 * A data folder that is opened here and answers requests as a server would.
 *
 * <p>What it answers is what docs/rest-api.md says, for the requests that commands make.
 */
@NullMarked
package io.millrace.cli.offline;

import org.jspecify.annotations.NullMarked;
