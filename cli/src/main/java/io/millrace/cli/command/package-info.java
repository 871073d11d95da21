/**
 * Commands on documents: each makes requests of the REST interface of an {@link
 * io.millrace.cli.client.Endpoint}, and shows the answer as a table, or with {@code --json} as it
 * came.
 */
@NullMarked
package io.millrace.cli.command;

import org.jspecify.annotations.NullMarked;
