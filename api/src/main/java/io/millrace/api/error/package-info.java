/**
 * The one family of exceptions that Millrace throws, rooted in {@link
 * io.millrace.api.error.MillraceException}.
 *
 * <p>Expected outcomes (a conflict, a missing document) are values of the types that report them
 * and do not live here.
 */
@NullMarked
package io.millrace.api.error;

import org.jspecify.annotations.NullMarked;
