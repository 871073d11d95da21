package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.document.DocumentId;
import io.millrace.api.range.SequenceRange;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Parameters;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a client wants to see of the activity, and how.
 *
 * @param range the sequences; its limit counts entries
 * @param fromNow whether only what comes after the request is wanted
 * @param timeout how long a long poll waits
 */
record ActivityRequest(
    SequenceRange range, boolean fromNow, ActivityFilter filter, Form form, Duration timeout) {
  /** How the activity is sent. */
  enum Form {
    /** What is there, as one JSON object. */
    LIST,
    /** What is there, one entry a line. */
    LINES,
    /** What is there, or the next that comes. */
    LONG_POLL,
    /** For ever, one entry a line. */
    LIVE_LINES,
    /** For ever, as server-sent events. */
    EVENTS;

    boolean live() {
      return this == LIVE_LINES || this == EVENTS;
    }
  }

  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
  private static final Set<String> KNOWN = known();

  private static Set<String> known() {
    Set<String> names = new HashSet<>(Parameters.SEQUENCE_RANGE);
    names.addAll(CommitFilters.PARAMETERS);
    names.addAll(Set.of("id", "latest", "body", "feed", "timeout"));
    return names;
  }

  static ActivityRequest of(RoutingContext context) {
    Parameters parameters = Parameters.of(context, KNOWN);
    Form form = form(context, parameters);
    SequenceRange range = parameters.sequenceRange();
    boolean fromNow = "now".equals(parameters.text("since"));
    if (form.live() || form == Form.LONG_POLL) {
      for (String name : new String[] {"lt", "lte", "reverse"}) {
        if (parameters.has(name)) {
          throw Parameters.refused(name, "makes no sense in a feed that goes on");
        }
      }
    }
    OptionalLong last = form == Form.EVENTS ? LastEventId.of(context) : OptionalLong.empty();
    if (last.isPresent()) {
      range = SequenceRange.after(last.getAsLong()).limited(range.limit());
      fromNow = false;
    }
    return new ActivityRequest(
        range, fromNow, filter(parameters), form, parameters.duration("timeout", DEFAULT_TIMEOUT));
  }

  private static Form form(RoutingContext context, Parameters parameters) {
    String type =
        MediaTypes.negotiate(context, MediaTypes.JSON, MediaTypes.NDJSON, MediaTypes.EVENTS);
    String feed = parameters.text("feed");
    if (feed != null && !Set.of("list", "longpoll", "live").contains(feed)) {
      throw Parameters.refused("feed", "must be list, longpoll or live, not " + feed);
    }
    if (type.equals(MediaTypes.EVENTS)) {
      return Form.EVENTS;
    }
    if ("live".equals(feed)) {
      if (!type.equals(MediaTypes.NDJSON)) {
        throw Parameters.refused(
            "feed",
            "live needs the header Accept: "
                + MediaTypes.NDJSON
                + " or Accept: "
                + MediaTypes.EVENTS);
      }
      return Form.LIVE_LINES;
    }
    if ("longpoll".equals(feed)) {
      return Form.LONG_POLL;
    }
    return type.equals(MediaTypes.NDJSON) ? Form.LINES : Form.LIST;
  }

  private static ActivityFilter filter(Parameters parameters) {
    String id = parameters.text("id");
    return new ActivityFilter(
        id == null ? null : DocumentId.require(id),
        CommitFilters.of(parameters),
        parameters.flag("latest", false),
        parameters.flag("body", false));
  }

  /** The same request, for what comes after {@code sequence}. */
  ActivityRequest after(long sequence) {
    return new ActivityRequest(range.gte(sequence + 1), false, filter, form, timeout);
  }

  /** The sequence behind which a feed begins. */
  long beginning(Activity activity) {
    return fromNow ? activity.sequence() : range.first() - 1;
  }
}
