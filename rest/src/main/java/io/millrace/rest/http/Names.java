package io.millrace.rest.http;

import io.millrace.api.document.BucketName;
import io.millrace.api.document.DocumentId;
import io.millrace.api.error.InvalidRequestException;
import jakarta.ws.rs.NotFoundException;

/** The names that path segments stand for, checked. */
public final class Names {
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
    return BucketName.require(PathSegments.decode(segment));
  }

  /**
   * The document that a path segment names.
   *
   * @throws InvalidRequestException when no document can have this id
   */
  public static String idOfSegment(String segment) {
    return DocumentId.require(PathSegments.decode(segment));
  }

  /**
   * The query that a path segment names; the rule is that of documents.
   *
   * @throws InvalidRequestException when no query can have this name
   */
  public static String queryOfSegment(String segment) {
    String name = PathSegments.decode(segment);
    String fault = DocumentId.fault(name);
    if (fault != null) {
      throw new InvalidRequestException("invalid-query-name", "a query's name " + fault);
    }
    return name;
  }
}
