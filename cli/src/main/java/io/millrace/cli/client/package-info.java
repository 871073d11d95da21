/**
 * Requests as docs/rest-api.md has them, and a server that answers them over HTTP.
 *
 * <p>Knows neither commands nor how anything is shown. What a server answers is passed on as it
 * came; trees are made for those who look into it.
 */
@NullMarked
package io.millrace.cli.client;

import org.jspecify.annotations.NullMarked;
