/**
 * The embedded database as an application sees it: {@link io.millrace.api.Database}, its buckets
 * and their queries.
 *
 * <p>What lives here uses every other package of this module; none of them uses this one.
 */
@NullMarked
package io.millrace.api;

import org.jspecify.annotations.NullMarked;
