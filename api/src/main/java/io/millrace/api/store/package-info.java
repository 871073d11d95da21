/**
 * The store: ordered byte keys and values, from which indexes and views are made. Implementations
 * live in modules of their own.
 */
@NullMarked
package io.millrace.api.store;

import org.jspecify.annotations.NullMarked;
