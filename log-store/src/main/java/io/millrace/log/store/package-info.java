/**
 * The log that is kept in a store, whichever: one row for each record, one batch of the store and
 * one flush for all appends that wait.
 *
 * <p>What a record means is not known here, and which stores there are neither.
 */
@NullMarked
package io.millrace.log.store;

import org.jspecify.annotations.NullMarked;
