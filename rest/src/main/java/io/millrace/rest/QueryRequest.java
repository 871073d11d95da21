package io.millrace.rest;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.Following;
import io.millrace.api.view.ViewArguments;
import io.millrace.rest.http.Parameters;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of a query: the arguments of the view's method, and what the server itself
 * looks after.
 *
 * @param arguments those of the view's method
 * @param limit the most rows
 * @param documents whether each row comes with its document
 * @param following how the rows are followed; null when they are not
 */
record QueryRequest(
    ViewArguments arguments,
    Consistency consistency,
    long limit,
    boolean documents,
    @Nullable Following following) {
  private static final Set<String> OWN =
      Set.of(
          "consistency",
          "at_least",
          "timeout",
          "limit",
          "include",
          "live",
          "old",
          "since",
          "removed");
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  /** Reads a query string. */
  static QueryRequest of(Parameters parameters) {
    Map<String, String> texts = new HashMap<>();
    for (String name : parameters.names()) {
      if (!OWN.contains(name)) {
        texts.put(name, String.valueOf(parameters.text(name)));
      }
    }
    return of(ViewArguments.ofTexts(texts), parameters);
  }

  /** Reads a JSON object; what it lacks of the server's own may stand in the query string. */
  static QueryRequest of(JsonText body, Parameters parameters) {
    Map<String, JsonNode> values = new HashMap<>();
    Map<String, String> own = new HashMap<>();
    for (JsonText.Member member : body.members()) {
      JsonNode value = tree(member.value());
      if (OWN.contains(member.name())) {
        own.put(member.name(), value.asText());
      } else {
        values.put(member.name(), value);
      }
    }
    ViewArguments arguments = ViewArguments.ofValues(values);
    for (String name : parameters.names()) {
      if (!OWN.contains(name)) {
        arguments = arguments.with(name, String.valueOf(parameters.text(name)));
      }
    }
    return of(arguments, parameters.or(own));
  }

  private static QueryRequest of(ViewArguments arguments, Parameters parameters) {
    String include = parameters.text("include");
    if (include != null && !include.equals("document")) {
      throw Parameters.refused("include", "must be document, not " + include);
    }
    return new QueryRequest(
        arguments,
        consistency(parameters),
        parameters.count("limit", Long.MAX_VALUE),
        include != null,
        following(parameters));
  }

  private static @Nullable Following following(Parameters parameters) {
    if (!parameters.flag("live", false)) {
      for (String name : new String[] {"old", "since", "removed"}) {
        if (parameters.has(name)) {
          throw Parameters.refused(name, "needs live=true");
        }
      }
      return null;
    }
    Following following = beginning(parameters);
    return parameters.flag("removed", false) ? following.withRemovals() : following;
  }

  private static Following beginning(Parameters parameters) {
    boolean old = parameters.flag("old", true);
    if (!parameters.has("since")) {
      return old ? Following.existing() : Following.now();
    }
    if (old && parameters.has("old")) {
      throw Parameters.refused("old", "cannot be true together with since");
    }
    return "now".equals(parameters.text("since"))
        ? Following.now()
        : Following.since(parameters.count("since", 0));
  }

  /** How fresh an answer must be. */
  static Consistency consistency(Parameters parameters) {
    Duration timeout = parameters.duration("timeout", Consistency.DEFAULT_TIMEOUT);
    String level = parameters.text("consistency");
    if (level != null && !level.equals("any") && !level.equals("latest")) {
      throw Parameters.refused("consistency", "must be latest or any, not " + level);
    }
    if (parameters.has("at_least")) {
      if (level != null) {
        throw Parameters.refused("at_least", "cannot be given together with consistency");
      }
      return Consistency.atLeast(parameters.count("at_least", 0)).within(timeout);
    }
    return ("any".equals(level) ? Consistency.any() : Consistency.latest()).within(timeout);
  }

  /**
   * {@code checkedJson} as a tree whose numbers are exact.
   *
   * @throws InvalidRequestException when a number is too long, or its exponent too large
   */
  static JsonNode tree(byte[] checkedJson) {
    try {
      return MAPPER.readTree(checkedJson);
    } catch (StreamConstraintsException | NumberFormatException e) {
      throw new InvalidRequestException(
          "number-too-long", "a number is too long, or its exponent too large, to compute with", e);
    } catch (IOException e) {
      throw new InternalException("unreadable-json", "checked JSON could not be read again", e);
    }
  }
}
