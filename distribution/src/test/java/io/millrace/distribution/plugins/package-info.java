/** Plug-ins good and bad, compiled by the tests and loaded in their own process. */
@NullMarked
package io.millrace.distribution.plugins;

import org.jspecify.annotations.NullMarked;
