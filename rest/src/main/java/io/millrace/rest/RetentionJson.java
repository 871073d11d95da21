package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.Retention;
import io.millrace.api.document.Body;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.rest.http.Problem;
import io.millrace.rest.json.JsonWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Retentions as clients see and give them. */
final class RetentionJson {
  private static final String RETENTION = "retention";
  private static final String KEEP = "keep";
  private static final String AGE = "age";

  private RetentionJson() {}

  /** Writes a retention as the member of the object that is open. */
  static void write(JsonWriter json, @Nullable Retention retention) {
    json.name(RETENTION);
    if (retention == null) {
      json.string(null);
      return;
    }
    json.startObject();
    if (retention.keep() != null) {
      json.name(KEEP).number(retention.keep());
    }
    if (retention.age() != null) {
      json.name(AGE).string(text(retention.age()));
    }
    json.endObject();
  }

  /** As people write it: whole days as days. */
  private static String text(Duration age) {
    boolean days = age.equals(Duration.ofDays(age.toDays()));
    return days ? "P" + age.toDays() + "D" : age.toString();
  }

  /**
   * What the body of a request says of the retention.
   *
   * @return null when it says nothing; empty when there is to be none
   */
  @SuppressWarnings("OptionalAssignedToNull")
  static @Nullable Optional<Retention> read(byte[] body) {
    if (body.length == 0) {
      return null;
    }
    JsonText text = JsonText.parse(body);
    JsonNode json = text.isObject() ? Body.ofCheckedJson(text.json()).tree() : null;
    if (json == null || !only(json, Set.of(RETENTION))) {
      throw refused("the body for a bucket is {\"retention\": {…}}, or {\"retention\": null}");
    }
    JsonNode retention = json.get(RETENTION);
    if (retention == null) {
      return null;
    }
    return retention.isNull() ? Optional.empty() : Optional.of(parse(retention));
  }

  private static Retention parse(JsonNode json) {
    JsonNode keep = json.get(KEEP);
    JsonNode age = json.get(AGE);
    if (!json.isObject() || json.isEmpty() || !only(json, Set.of(KEEP, AGE))) {
      throw refused(
          "a retention is {\"keep\": REVISIONS}, {\"age\": DURATION}, or has both members");
    }
    if (keep != null && !(keep.isIntegralNumber() && keep.canConvertToInt())) {
      throw refused("'keep' must be a whole number of revisions, 1 or more");
    }
    if (age != null && !age.isTextual()) {
      throw refused("'age' must be a duration as text, such as \"P30D\" or \"PT12H\"");
    }
    try {
      return new Retention(
          keep == null ? null : keep.intValue(), age == null ? null : Duration.parse(age.asText()));
    } catch (DateTimeParseException | ArithmeticException e) {
      throw refused(
          "'age' must be a duration of days or less (ISO 8601), such as \"P30D\" or \"PT12H\"; a"
              + " month or a year is none, since they differ in length");
    } catch (InvalidRequestException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private static boolean only(JsonNode json, Set<String> names) {
    Iterator<String> all = json.fieldNames();
    while (all.hasNext()) {
      if (!names.contains(all.next())) {
        return false;
      }
    }
    return true;
  }

  private static RuntimeException refused(String detail) {
    return Problem.of(422, "invalid-retention", detail).exception();
  }
}
