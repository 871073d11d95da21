package io.millrace.spi;

import io.millrace.api.error.InvalidRequestException;
import org.jspecify.annotations.Nullable;

/** A setting that is refused; the message names the key, the value and what is allowed. */
public final class InvalidSettingException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  public InvalidSettingException(
      String key, @Nullable String value, String allowed, @Nullable Throwable cause) {
    super(
        "invalid-setting",
        "setting " + key + " cannot be '" + value + "': allowed is " + allowed,
        cause);
  }

  public InvalidSettingException(String message) {
    super("invalid-setting", message);
  }
}
