/**
 * What requests and answers have in common: paths, parameters, headers, bodies, problems and the
 * sending of long answers.
 *
 * <p>No resource lives here, and nothing that reads or writes documents.
 */
@NullMarked
package io.millrace.rest.http;

import org.jspecify.annotations.NullMarked;
