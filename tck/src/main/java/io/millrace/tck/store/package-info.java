/**
 * The contract of {@link io.millrace.api.store.Store} as tests. A module extends {@link
 * io.millrace.tck.store.StoreTck} and supplies a {@link io.millrace.tck.store.StoreFixture}.
 */
@NullMarked
package io.millrace.tck.store;

import org.jspecify.annotations.NullMarked;
