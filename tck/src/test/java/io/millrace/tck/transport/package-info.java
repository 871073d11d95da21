/** Tests of the kit itself: a transport that is right passes it, and each that is wrong fails. */
@NullMarked
package io.millrace.tck.transport;

import org.jspecify.annotations.NullMarked;
