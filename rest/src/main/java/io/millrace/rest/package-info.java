/**
 * The HTTP resources: they translate between requests and the database, and nothing more.
 *
 * <p>How the database is opened and configured does not live here.
 */
@NullMarked
package io.millrace.rest;

import org.jspecify.annotations.NullMarked;
