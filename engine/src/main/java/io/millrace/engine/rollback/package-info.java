/**
 * Bringing earlier states back: what has to change for it is planned beside the writer, which holds
 * the buckets concerned meanwhile, and becomes one commit. Must not write by itself.
 */
@NullMarked
package io.millrace.engine.rollback;

import org.jspecify.annotations.NullMarked;
