package io.millrace.planted.right;

import io.millrace.planted.left.Left;
import org.jspecify.annotations.Nullable;

/** Needs the other package. */
public final class Right {
  @Nullable Left left;
}
