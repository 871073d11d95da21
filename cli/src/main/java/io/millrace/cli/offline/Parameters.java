package io.millrace.cli.offline;

import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Moment;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.range.SequenceRange;
import io.millrace.cli.client.Call;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a request, read as a server reads them. */
record Parameters(Map<String, String> texts) {
  static Parameters of(Call call) {
    return new Parameters(call.parameters());
  }

  @Nullable String text(String name) {
    return texts.get(name);
  }

  boolean flag(String name, boolean absent) {
    String text = texts.get(name);
    return text == null ? absent : text.equals("true");
  }

  long count(String name, long absent) {
    String text = texts.get(name);
    try {
      return text == null ? absent : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw refused(name, "must be a whole number, not " + text);
    }
  }

  Moment moment(String name, Moment absent) {
    String text = texts.get(name);
    try {
      return text == null ? absent : Moment.parse(text);
    } catch (InvalidRequestException e) {
      throw refused(name, String.valueOf(e.getMessage()));
    }
  }

  /** The sequence that a moment stands for. */
  long sequence(String name, Database database, long absent) {
    return texts.containsKey(name) ? database.resolve(moment(name, Moment.present())) : absent;
  }

  /** The limit is left to who reads. */
  SequenceRange range() {
    SequenceRange range = SequenceRange.all();
    for (String name : new String[] {"since", "gt", "gte", "lt", "lte"}) {
      if (texts.containsKey(name)) {
        long bound = count(name, 0);
        range =
            switch (name) {
              case "gte" -> range.gte(bound);
              case "lt" -> range.lt(bound);
              case "lte" -> range.lte(bound);
              default -> range.gt(bound);
            };
      }
    }
    return range.reversed(flag("reverse", false));
  }

  long limit() {
    return count("limit", Long.MAX_VALUE);
  }

  CommitFilter commits() {
    String kind = texts.get("kind");
    return new CommitFilter(
        texts.get("author"),
        texts.get("message"),
        kind == null ? null : kind(kind),
        time("from"),
        time("until"));
  }

  private static CommitKind kind(String word) {
    return Arrays.stream(CommitKind.values())
        .filter(kind -> kind.word().equals(word))
        .findFirst()
        .orElseThrow(() -> refused("kind", "must be the kind of a commit, not " + word));
  }

  private @Nullable Instant time(String name) {
    String text = texts.get(name);
    try {
      return text == null ? null : OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw refused(name, "must be a time with its zone, such as 2026-01-31T12:00:00Z");
    }
  }

  static InvalidRequestException refused(String name, String why) {
    return new InvalidRequestException("invalid-parameter", name + " " + why);
  }
}
