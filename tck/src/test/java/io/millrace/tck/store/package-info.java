/** The store kit tested with a store that is right and with stores that are deliberately wrong. */
@NullMarked
package io.millrace.tck.store;

import org.jspecify.annotations.NullMarked;
