package io.millrace.view.reduce;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Change;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.SpiVersion;
import java.util.Objects;

/** Folds in Java, found as those of an application are. */
final class TestFolds {
  private TestFolds() {}

  /**
   * Counts changes by kind; a document with a member {@code bad} fails behind a change of state.
   */
  public static final class Tally implements FoldProvider {
    @Override
    public int spiVersion() {
      return SpiVersion.CURRENT;
    }

    @Override
    public String name() {
      return "tally";
    }

    @Override
    public JsonNode initial() {
      return JsonNodeFactory.instance.objectNode().put("puts", 0).put("deletes", 0);
    }

    @Override
    public JsonNode apply(JsonNode state, Change change) {
      String member = change.deleted() ? "deletes" : "puts";
      ((ObjectNode) state).put(member, state.get(member).longValue() + 1);
      if (Objects.requireNonNull(change.body()).tree().has("bad")) {
        throw new IllegalStateException("bad");
      }
      return state;
    }
  }

  /** Its state is twice as long behind every change. */
  public static final class Doubling implements FoldProvider {
    @Override
    public int spiVersion() {
      return SpiVersion.CURRENT;
    }

    @Override
    public String name() {
      return "doubling";
    }

    @Override
    public JsonNode initial() {
      return TextNode.valueOf("x".repeat(1000));
    }

    @Override
    public JsonNode apply(JsonNode state, Change change) {
      return TextNode.valueOf(state.textValue() + state.textValue());
    }
  }

  /** Gives what is no JSON for documents that say so. */
  public static final class Odd implements FoldProvider {
    @Override
    public int spiVersion() {
      return SpiVersion.CURRENT;
    }

    @Override
    public String name() {
      return "odd";
    }

    @Override
    public JsonNode initial() {
      return IntNode.valueOf(0);
    }

    @Override
    public JsonNode apply(JsonNode state, Change change) {
      return switch (change.id()) {
        case "missing" -> MissingNode.getInstance();
        case "deep" -> apply(state, change);
        default -> IntNode.valueOf(state.intValue() + 1);
      };
    }
  }
}
