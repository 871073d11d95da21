package io.millrace.engine.planted;

import org.assertj.core.internal.Objects;

/** What others call internal stays theirs. */
final class EngineUsesInternals {
  final Objects objects = Objects.instance();
}
