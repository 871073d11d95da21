package io.millrace.view.reduce;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import java.nio.charset.StandardCharsets;

/**
 * Changes as a function is given them: a JSON array of {@code {"seq","id","rev","deleted",
 * "document"}}. The document has its members {@code id} and {@code rev} before its own; that of a
 * deletion is null. For one thread.
 */
final class ChangeTexts {
  private final ByteWriter json = new ByteWriter(4096);
  private int changes;

  ChangeTexts() {
    json.put('[');
  }

  void add(Change change) {
    if (changes++ > 0) {
      json.put(',');
    }
    put("{\"seq\":");
    put(Long.toString(change.sequence()));
    put(",");
    putIdentity(change);
    if (change.deleted()) {
      put(",\"deleted\":true,\"document\":null}");
      return;
    }
    put(",\"deleted\":false,\"document\":{");
    putIdentity(change);
    Body body = Bodies.of(change);
    if (body.length() > 2) {
      json.put(',');
    }
    json.put(body.json(), 1);
    json.put('}');
  }

  int size() {
    return changes;
  }

  /** How long the text is so far, in bytes. */
  int length() {
    return json.length();
  }

  /** The array. */
  String text() {
    return new String(json.toArray(), StandardCharsets.UTF_8) + "]";
  }

  private void putIdentity(Change change) {
    put("\"id\":\"");
    json.put(JsonStringEncoder.getInstance().quoteAsUTF8(change.id()));
    put("\",\"rev\":\"");
    put(change.revision().toString());
    json.put('"');
  }

  private void put(String ascii) {
    json.put(ascii.getBytes(StandardCharsets.US_ASCII));
  }
}
