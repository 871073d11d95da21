/** Tests of the Xodus store: its contract, settings, damage, locks. */
@NullMarked
package io.millrace.backend.xodus;

import org.jspecify.annotations.NullMarked;
