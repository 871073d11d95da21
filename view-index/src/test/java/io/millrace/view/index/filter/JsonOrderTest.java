package io.millrace.view.index.filter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.JsonModel;
import io.millrace.view.index.Seeds;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JsonOrderTest {
  private final long seed = Seeds.seed();
  private final Random random = new Random(seed);

  @Test
  void orderIsThatOfTheCollation() {
    for (int i = 0; i < 20_000; i++) {
      JsonNode left = JsonModel.read(JsonModel.random(random, 3));
      JsonNode right = JsonModel.read(JsonModel.random(random, 3));
      int expected =
          Arrays.compareUnsigned(JsonCollation.encode(left), JsonCollation.encode(right));
      assertThat(Integer.signum(JsonOrder.INSTANCE.compare(left, right)))
          .as("seed %s: %s and %s", seed, left, right)
          .isEqualTo(Integer.signum(expected));
    }
  }

  @Test
  void whatIsMissingLiesBelowEverything() {
    assertThat(JsonOrder.INSTANCE.compare(MissingNode.getInstance(), NullNode.getInstance()))
        .isNegative();
    assertThat(JsonOrder.INSTANCE.compare(MissingNode.getInstance(), MissingNode.getInstance()))
        .isZero();
  }

  @Test
  void neighboursLieAboveAndNotFarAbove() {
    for (int i = 0; i < 20_000; i++) {
      JsonNode value = JsonModel.read(JsonModel.random(random, 3));
      JsonNode other = JsonModel.read(JsonModel.random(random, 3));
      JsonNode after = Neighbours.after(value);
      assertThat(JsonOrder.INSTANCE.compare(after, value))
          .as("seed %s: %s", seed, value)
          .isPositive();
      // Between numbers there are always more, and there is no least one above true.
      boolean close = !value.isNumber() && !(value.isBoolean() && value.booleanValue());
      if (close && JsonOrder.INSTANCE.compare(other, value) > 0) {
        assertThat(JsonOrder.INSTANCE.compare(after, other))
            .as("seed %s: %s, %s, %s", seed, value, after, other)
            .isNotPositive();
      }
    }
  }
}
