package io.millrace.planted.left;

import io.millrace.planted.right.Right;
import org.jspecify.annotations.Nullable;

/** Needs the other package. */
public final class Left {
  @Nullable Right right;
}
