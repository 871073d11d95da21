package io.millrace.tck.faults;

import org.jspecify.annotations.Nullable;

/**
 * What reading came to when nothing was wrong or half there.
 *
 * @param batches how many batches, from the first on, are there
 * @param damage what was answered where damage was met; null when everything could be read
 */
record Finding(int batches, @Nullable RuntimeException damage) {}
