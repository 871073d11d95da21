package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import java.util.Iterator;
import java.util.Set;

/** What reading definitions of both forms has in common. */
final class Definitions {
  private Definitions() {}

  /**
   * Refuses members that are not known.
   *
   * @param place what stands before the name of a member in messages
   * @param what the object is, for messages
   */
  static void requireKnown(ObjectNode object, Set<String> known, String place, String what) {
    Iterator<String> names = object.fieldNames();
    while (names.hasNext()) {
      String name = names.next();
      if (!known.contains(name)) {
        throw new InvalidDefinitionException(
            "member '"
                + place
                + name
                + "' is not known; "
                + what
                + " has the members "
                + String.join(", ", known.stream().sorted().toList()));
      }
    }
  }
}
