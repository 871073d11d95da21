package io.millrace.rest;

import io.millrace.rest.http.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;

/** Where a client of server-sent events goes on: the header that browsers send by themselves. */
final class LastEventId {
  private static final String HEADER = "Last-Event-ID";

  private LastEventId() {}

  /** The sequence behind which the client wants to go on; empty when it says nothing. */
  static OptionalLong of(RoutingContext context) {
    String last = context.request().getHeader(HEADER);
    if (last == null || last.isBlank()) {
      return OptionalLong.empty();
    }
    try {
      long sequence = Long.parseLong(last.strip());
      if (sequence >= 0) {
        return OptionalLong.of(sequence);
      }
    } catch (NumberFormatException e) {
      // Falls through to the one message.
    }
    throw Parameters.refused(HEADER, "must be a sequence, not " + last.strip());
  }
}
