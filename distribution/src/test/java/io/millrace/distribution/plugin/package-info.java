/**
 * A plug-in for the packaged server, put into a jar by the tests: a log that fails when a test says
 * so. Nothing here is seen by the server unless the jar lies in its folder for plug-ins, and
 * nothing here may use other classes of the tests.
 */
@NullMarked
package io.millrace.distribution.plugin;

import org.jspecify.annotations.NullMarked;
