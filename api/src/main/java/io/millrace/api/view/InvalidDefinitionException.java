package io.millrace.api.view;

import io.millrace.api.error.InvalidRequestException;

/** A definition that its view module refuses; the message has the place and the reason. */
public final class InvalidDefinitionException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  public InvalidDefinitionException(String message) {
    super("invalid-definition", message);
  }
}
