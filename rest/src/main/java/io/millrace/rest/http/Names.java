package io.millrace.rest.http;

import io.millrace.api.error.InvalidRequestException;
import jakarta.ws.rs.NotFoundException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The names that buckets and documents can have. */
public final class Names {
  private static final Pattern BUCKET = Pattern.compile("[a-z][a-z0-9_$()+-]{0,237}");
  private static final int MAX_ID_BYTES = 512;
  private static final int MAX_SHOWN = 80;

  private Names() {}

  /**
   * The bucket that a path segment names.
   *
   * @throws InvalidRequestException when no bucket can have this name
   */
  public static String bucketOfSegment(String segment) {
    if (segment.startsWith("_")) {
      throw new NotFoundException();
    }
    return bucket(PathSegments.decode(segment));
  }

  /** {@code name}, if a bucket can have it. */
  public static String bucket(String name) {
    if (!BUCKET.matcher(name).matches()) {
      throw new InvalidRequestException(
          "invalid-bucket-name",
          "a bucket's name is a lower-case letter and up to 237 of a-z 0-9 _ $ ( ) + -, not "
              + shown(name));
    }
    return name;
  }

  /**
   * The document that a path segment names.
   *
   * @throws InvalidRequestException when no document can have this id
   */
  public static String idOfSegment(String segment) {
    return id(PathSegments.decode(segment));
  }

  /**
   * The query that a path segment names.
   *
   * @throws InvalidRequestException when no query can have this name
   */
  public static String queryOfSegment(String segment) {
    String name = PathSegments.decode(segment);
    String fault = fault(name);
    if (fault != null) {
      throw new InvalidRequestException("invalid-query-name", "a query's name " + fault);
    }
    return name;
  }

  /** {@code id}, if a document can have it. */
  public static String id(String id) {
    String fault = fault(id);
    if (fault != null) {
      throw new InvalidRequestException("invalid-id", "a document's id " + fault);
    }
    return id;
  }

  private static @Nullable String fault(String id) {
    if (id.isEmpty()) {
      return "must not be empty";
    }
    if (id.charAt(0) == '_') {
      return "must not begin with _: " + shown(id);
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isISOControl(c)) {
        return "must not hold control characters: there is one at position " + (i + 1);
      }
      if (Character.isHighSurrogate(c)
          ? i + 1 == id.length() || !Character.isLowSurrogate(id.charAt(++i))
          : Character.isLowSurrogate(c)) {
        return "must not hold a surrogate without its partner";
      }
    }
    if (id.length() > MAX_ID_BYTES
        || id.length() * 3 > MAX_ID_BYTES
            && id.getBytes(StandardCharsets.UTF_8).length > MAX_ID_BYTES) {
      return "must not be longer than " + MAX_ID_BYTES + " bytes of UTF-8";
    }
    return null;
  }

  private static String shown(String name) {
    return name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "…" : name;
  }
}
