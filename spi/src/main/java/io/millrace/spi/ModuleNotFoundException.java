package io.millrace.spi;

import io.millrace.api.error.InvalidRequestException;
import java.util.Collection;

/** No module with the name asked for, or two of them; the message lists what is there. */
public final class ModuleNotFoundException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private ModuleNotFoundException(String code, String message) {
    super(code, message);
  }

  static ModuleNotFoundException none(String kind, String name) {
    return new ModuleNotFoundException(
        "no-modules",
        "no "
            + kind
            + " module was found at all, so '"
            + name
            + "' cannot be chosen; add a jar with one to the class path");
  }

  static ModuleNotFoundException unknown(String kind, String name, Collection<String> present) {
    return new ModuleNotFoundException(
        "unknown-module",
        "there is no "
            + kind
            + " module called '"
            + name
            + "'; found are "
            + String.join(", ", present));
  }

  static ModuleNotFoundException duplicate(String kind, String name, Collection<String> classes) {
    return new ModuleNotFoundException(
        "duplicate-module",
        "more than one "
            + kind
            + " module is called '"
            + name
            + "': "
            + String.join(", ", classes)
            + "; remove all but one");
  }
}
