/**
 * Documents in files: reading and writing NDJSON, JSON and CSV, and sending what was read to an
 * {@link io.millrace.cli.client.Endpoint}.
 */
@NullMarked
package io.millrace.cli.transfer;

import org.jspecify.annotations.NullMarked;
