package io.millrace.cli.client;

import io.millrace.api.document.Attribution;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request of the REST interface.
 *
 * @param method of HTTP
 * @param path its segments, not encoded
 * @param parameters of the query string, in their order
 * @param ifMatch a revision that the document must have, or {@link #ANY}; null for no such header
 * @param attribution who writes and why
 * @param contentType of the body; null without one
 * @param body not a copy, must not be changed
 */
public record Call(
    String method,
    List<String> path,
    Map<String, String> parameters,
    @Nullable String ifMatch,
    Attribution attribution,
    @Nullable String contentType,
    byte[] body) {
  /** As {@link #ifMatch}: whatever is there. */
  public static final String ANY = "*";

  /** The content type of one JSON value. */
  public static final String JSON = "application/json";

  /** The content type of one JSON value a line. */
  public static final String NDJSON = "application/x-ndjson";

  private static final byte[] NOTHING = {};

  private static Call of(String method, String... path) {
    return new Call(method, List.of(path), Map.of(), null, Attribution.none(), null, NOTHING);
  }

  public static Call get(String... path) {
    return of("GET", path);
  }

  public static Call put(String... path) {
    return of("PUT", path);
  }

  public static Call post(String... path) {
    return of("POST", path);
  }

  public static Call patch(String... path) {
    return of("PATCH", path);
  }

  public static Call delete(String... path) {
    return of("DELETE", path);
  }

  /** The same with a parameter more, unless {@code value} is null. */
  public Call with(String name, @Nullable Object value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(parameters);
    more.put(name, value.toString());
    return new Call(method, path, more, ifMatch, attribution, contentType, body);
  }

  /** The same with a parameter more that is {@code true}, if it is. */
  public Call flag(String name, boolean value) {
    return value ? with(name, "true") : this;
  }

  /** The same by somebody. */
  public Call by(Attribution who) {
    return new Call(method, path, parameters, ifMatch, who, contentType, body);
  }

  /** The same on a document that is at this revision, or {@link #ANY}. */
  public Call onto(@Nullable String revision) {
    return new Call(method, path, parameters, revision, attribution, contentType, body);
  }

  /** The same with a body of JSON. */
  public Call json(String text) {
    return body(JSON, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same with a body. */
  public Call body(String type, byte[] bytes) {
    return new Call(method, path, parameters, ifMatch, attribution, type, bytes);
  }

  /** The same without the parameters called so. */
  public Call without(String... names) {
    Map<String, String> fewer = new LinkedHashMap<>(parameters);
    fewer.keySet().removeAll(List.of(names));
    return new Call(method, path, fewer, ifMatch, attribution, contentType, body);
  }

  /** The path and the query string, percent-encoded. */
  public String target() {
    List<String> segments = new ArrayList<>();
    path.forEach(segment -> segments.add(encode(segment)));
    List<String> pairs = new ArrayList<>();
    parameters.forEach((name, value) -> pairs.add(encode(name) + '=' + encode(value)));
    return '/'
        + String.join("/", segments)
        + (pairs.isEmpty() ? "" : '?' + String.join("&", pairs));
  }

  /**
   * Everything that is not unreserved in RFC 3986; two dots, which clients like to resolve, too.
   */
  static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 8);
    boolean dots = text.equals(".") || text.equals("..");
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (octet & 0xff);
      boolean plain =
          c >= 'a' && c <= 'z'
              || c >= 'A' && c <= 'Z'
              || c >= '0' && c <= '9'
              || "-_~".indexOf(c) >= 0
              || c == '.' && !dots;
      if (plain) {
        encoded.append(c);
      } else {
        encoded.append(String.format("%%%02X", (int) c));
      }
    }
    return encoded.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Call call && toString().equals(call.toString());
  }

  @Override
  public int hashCode() {
    return Objects.hash(method, path);
  }

  /** Without the body, which may be long or secret. */
  @Override
  public String toString() {
    return method + ' ' + target();
  }
}
