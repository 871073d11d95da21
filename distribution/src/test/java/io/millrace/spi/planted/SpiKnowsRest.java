package io.millrace.spi.planted;

import io.millrace.rest.DatabaseAccess;
import org.jspecify.annotations.Nullable;

/** What modules see must not know HTTP. */
final class SpiKnowsRest {
  @Nullable DatabaseAccess access;
}
