package io.millrace.spi;

import io.millrace.api.error.InvalidRequestException;
import java.util.Collection;

/**
 * No module with the name asked for, or two of them; the message lists what is there.
 *
 * <p>The code is {@code no-modules} when there is none of the kind at all, {@code unknown-module}
 * when there are others, {@code duplicate-module} when there are several of the name.
 */
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
            + "' cannot be chosen; add one to the class path or to the folder of plug-ins");
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

  static ModuleNotFoundException duplicate(String kind, String name, Collection<String> origins) {
    return new ModuleNotFoundException(
        "duplicate-module",
        "more than one "
            + kind
            + " module is called '"
            + name
            + "': "
            + String.join(", ", origins)
            + "; remove all but one");
  }
}
