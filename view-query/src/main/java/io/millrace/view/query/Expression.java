package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.view.index.filter.Filter;
import io.millrace.view.index.filter.JsonType;
import io.millrace.view.index.filter.Remainder;
import io.millrace.view.index.filter.ValuePath;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** What makes one value of another, as {@code $map} writes it. Immutable. */
sealed interface Expression {
  /** The value made; missing when there is none. */
  JsonNode of(JsonNode value);

  /** The value at a path. */
  record Path(ValuePath path) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      return path.in(value);
    }
  }

  /** One after the other. */
  record Chain(List<Expression> steps) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      JsonNode made = value;
      for (Expression step : steps) {
        made = step.of(made);
      }
      return made;
    }
  }

  /** An object of what is not missing; missing itself where there is nothing to make it of. */
  record Members(Map<String, Expression> members) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      if (value.isMissingNode() || value.isNull()) {
        return MissingNode.getInstance();
      }
      ObjectNode made = JsonNodeFactory.instance.objectNode();
      members.forEach(
          (name, member) -> {
            JsonNode part = member.of(value);
            if (!part.isMissingNode()) {
              made.set(name, part);
            }
          });
      return made;
    }
  }

  /** Whether the value matches. */
  record Test(Filter filter) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      return BooleanNode.valueOf(filter.matches(value));
    }
  }

  /** The name of the value's kind. */
  record TypeName() implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      return TextNode.valueOf(JsonType.of(value).toString());
    }
  }

  /** What is left of a division. */
  record Modulo(BigDecimal divisor) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      BigDecimal left = Remainder.of(value, divisor);
      return left == null ? MissingNode.getInstance() : Numbers.node(left);
    }
  }

  /** The stretch of the calendar that the time lies in. */
  record Calendar(TimeBucket bucket, Expression time) implements Expression {
    @Override
    public JsonNode of(JsonNode value) {
      return bucket.of(time.of(value));
    }
  }

  /** Numbers that were computed, as they are shown. */
  final class Numbers {
    private static final int MOST_ZEROS = 30;

    private Numbers() {}

    /** In plain digits, unless very many zeros would be needed. */
    static JsonNode node(BigDecimal number) {
      BigDecimal shortest = number.stripTrailingZeros();
      boolean plain = shortest.scale() < 0 && shortest.scale() >= -MOST_ZEROS;
      return DecimalNode.valueOf(plain ? shortest.setScale(0) : shortest);
    }
  }
}
