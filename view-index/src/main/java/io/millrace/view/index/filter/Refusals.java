package io.millrace.view.index.filter;

import io.millrace.api.view.InvalidDefinitionException;

/** Says where something is wrong, and why. */
final class Refusals {
  private Refusals() {}

  static InvalidDefinitionException at(String place, String reason) {
    return new InvalidDefinitionException(place + ": " + reason);
  }
}
