/** The log in a store: its contract on each store, and what its store does to it. */
@NullMarked
package io.millrace.log.store;

import org.jspecify.annotations.NullMarked;
