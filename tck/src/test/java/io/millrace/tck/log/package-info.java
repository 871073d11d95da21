/** Tests of the kit itself: a log that is right passes it, and each log that is wrong fails. */
@NullMarked
package io.millrace.tck.log;

import org.jspecify.annotations.NullMarked;
