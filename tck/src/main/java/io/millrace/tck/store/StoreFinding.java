package io.millrace.tck.store;

import org.jspecify.annotations.Nullable;

/**
 * What reading a store came to, when it holds nothing that it must not.
 *
 * @param steps a number of steps that leads to what was read
 * @param damage with what the store answered where it could not read; null when all was read
 */
public record StoreFinding(int steps, @Nullable RuntimeException damage) {}
