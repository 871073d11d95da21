package io.millrace.rest;

import io.millrace.api.document.Base;
import io.millrace.api.document.Revision;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.rest.http.EntityTags;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a write starts from, taken from its body, its parameter {@code rev} and its headers.
 *
 * @param base what must be true of the document
 * @param onlyCreate whether {@code If-None-Match: *} was sent, so that a refusal is 412
 * @param choices more than one when {@code If-Match} named several revisions: the present one among
 *     them is the base
 */
record Preconditions(Base base, boolean onlyCreate, List<Revision> choices) {
  /**
   * Reads them.
   *
   * @param inBody the revision in the body; null when there is none
   * @param otherwise the base when the request names none
   */
  static Preconditions of(
      HttpServerRequest request, Parameters parameters, @Nullable Revision inBody, Base otherwise) {
    EntityTags match = EntityTags.parse(request.getHeader(HttpHeaders.IF_MATCH));
    EntityTags noneMatch = EntityTags.parse(request.getHeader(HttpHeaders.IF_NONE_MATCH));
    Revision named = same(inBody, parameters.revision("rev"));
    if (noneMatch != null) {
      return onlyCreate(noneMatch, match, named);
    }
    if (match != null && match.any()) {
      return new Preconditions(Base.any(), false, List.of());
    }
    if (match == null) {
      return new Preconditions(named == null ? otherwise : Base.of(named), false, List.of());
    }
    List<Revision> tags = match.revisions();
    if (tags.isEmpty()) {
      throw Problem.of(
              412, "precondition-failed", "a weak entity tag in If-Match never matches (RFC 9110)")
          .exception();
    }
    if (named != null && !tags.contains(named)) {
      throw contradiction(named, tags.get(0));
    }
    Revision revision = named == null ? tags.get(0) : named;
    return new Preconditions(Base.of(revision), false, named == null ? tags : List.of());
  }

  private static Preconditions onlyCreate(
      EntityTags noneMatch, @Nullable EntityTags match, @Nullable Revision named) {
    if (!noneMatch.any()) {
      throw new InvalidRequestException(
          "invalid-precondition", "a write understands If-None-Match: * only");
    }
    if (match != null || named != null) {
      throw new InvalidRequestException(
          "contradicting-revisions", "If-None-Match: * creates, and so has no base revision");
    }
    return new Preconditions(Base.absent(), true, List.of());
  }

  private static @Nullable Revision same(@Nullable Revision one, @Nullable Revision other) {
    if (one != null && other != null && !one.equals(other)) {
      throw contradiction(one, other);
    }
    return one == null ? other : one;
  }

  private static InvalidRequestException contradiction(Revision one, Revision other) {
    return new InvalidRequestException(
        "contradicting-revisions", "the request names two base revisions: " + one + ", " + other);
  }
}
