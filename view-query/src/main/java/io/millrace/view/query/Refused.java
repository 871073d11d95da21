package io.millrace.view.query;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.InvalidDefinitionException;

/** Says what is wrong with a question or a definition. */
final class Refused {
  private Refused() {}

  /** Something within JSON, of which it is not known yet whether it is a definition. */
  static InvalidDefinitionException at(String place, String reason) {
    return new InvalidDefinitionException(place + ": " + reason);
  }

  static InvalidRequestException parameter(String name, String reason) {
    return new InvalidRequestException("invalid-parameter", "parameter '" + name + "' " + reason);
  }
}
