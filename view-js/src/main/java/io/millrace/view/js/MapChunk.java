package io.millrace.view.js;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Documents that are mapped together, and their text: an array of the bodies, each with its members
 * {@code id} and {@code rev} before its own. For one thread.
 */
final class MapChunk {
  private final List<String> ids = new ArrayList<>();
  private byte[] json = new byte[4096];
  private int length;

  MapChunk() {
    json[length++] = '[';
  }

  /** A chunk of one document of another chunk. */
  static MapChunk of(Change change, Body body) {
    MapChunk chunk = new MapChunk();
    chunk.add(change, body);
    return chunk;
  }

  void add(Change change, Body body) {
    if (!ids.isEmpty()) {
      put(",");
    }
    ids.add(change.id());
    put("{\"id\":\"");
    put(quoted(change.id()), 0);
    put("\",\"rev\":\"");
    put(change.revision().toString());
    put(body.length() > 2 ? "\"," : "\"");
    put(body.json(), 1);
  }

  List<String> ids() {
    return ids;
  }

  int size() {
    return ids.size();
  }

  /** How long the text is so far, in bytes. */
  int length() {
    return length;
  }

  /** The array of the documents. */
  String text() {
    return new String(json, 0, length, StandardCharsets.UTF_8) + "]";
  }

  /** {@code id} as it stands between the quotation marks of a JSON string. */
  static byte[] quoted(String id) {
    byte[] plain = id.getBytes(StandardCharsets.UTF_8);
    for (byte b : plain) {
      if (b >= 0 && b < 0x20 || b == '"' || b == '\\') {
        return JsonStringEncoder.getInstance().quoteAsUTF8(id);
      }
    }
    return plain;
  }

  private void put(String ascii) {
    put(ascii.getBytes(StandardCharsets.US_ASCII), 0);
  }

  private void put(byte[] from, int start) {
    int count = from.length - start;
    if (count > json.length - length) {
      int least = Math.addExact(length, count);
      json = Arrays.copyOf(json, Math.max(least, (int) Math.min(2L * json.length, 1 << 30)));
    }
    System.arraycopy(from, start, json, length, count);
    length += count;
  }
}
