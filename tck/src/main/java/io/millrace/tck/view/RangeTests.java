package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.Thoroughness;
import io.millrace.tck.view.ViewExample.Question;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Rows come in their order, and ranges, directions, limits and pages agree with each other. */
abstract class RangeTests extends ViewGroup {
  private static final PathIndex.Range EVERYTHING = new PathIndex.Range(List.of(), null, null);

  /** By value, and then by the ids as UTF-8. */
  private static final Comparator<Row> PROMISED =
      Comparator.comparing(Answers::orderedBy, JsonOrder::compare)
          .thenComparing(
              row -> row.documentId().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  RangeTests(ViewTck tck) {
    super(tck);
  }

  /** Something that holds of a question to a view with rows. */
  private interface RangeCheck {
    void of(View view, Question question, StoreReader reader);
  }

  private void everyRange(RangeCheck check) {
    ViewHost host = host();
    everyExample(
        example -> {
          for (int i = 0; i < Thoroughness.times(2, 20); i++) {
            HostedView view = host.view(example).giveAll(history(host, example, 150));
            for (Question question : ranged(view.view(), example)) {
              check.of(view.view(), question, host.store());
            }
          }
        });
  }

  private static List<Question> ranged(View view, ViewExample example) {
    List<Question> said = example.ranged();
    return said != null
        ? said
        : view.methods().entrySet().stream()
            .filter(method -> method.getValue() instanceof ViewMethod.Source)
            .filter(method -> method.getValue().parameters().containsAll(Set.of("start", "end")))
            .map(method -> new Question(method.getKey(), Map.of()))
            .toList();
  }

  private static boolean knows(View view, Question question, String parameter) {
    return Objects.requireNonNull(view.methods().get(question.method()))
        .parameters()
        .contains(parameter);
  }

  private static List<String> fitting(List<Row> rows, Predicate<JsonNode> fits) {
    return texts(rows.stream().filter(row -> fits.test(Answers.orderedBy(row))).toList());
  }

  /** What rows say; positions are good for one question alone, and may differ in another. */
  private static List<String> texts(List<Row> rows) {
    return rows.stream().map(Answers::withoutPosition).toList();
  }

  private static List<String> texts(View view, Question question, StoreReader reader) {
    return texts(Answers.rows(view, question, reader));
  }

  /** A value that rows may have, or nearly. */
  private JsonNode bound(List<Row> rows) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    if (rows.isEmpty() || random().nextInt(5) == 0) {
      List<JsonNode> odd =
          List.of(
              json.nullNode(),
              json.booleanNode(true),
              json.numberNode(1),
              json.textNode("a"),
              json.arrayNode(),
              json.objectNode());
      return odd.get(random().nextInt(odd.size()));
    }
    JsonNode value = Answers.orderedBy(rows.get(random().nextInt(rows.size())));
    if (value.isArray() && !value.isEmpty() && random().nextBoolean()) {
      ArrayNode shorter = json.arrayNode();
      for (int i = random().nextInt(value.size()); i >= 0; i--) {
        shorter.insert(0, value.get(i));
      }
      return shorter;
    }
    return value;
  }

  @Test
  void rowsStandInTheirOrder() {
    everyRange(
        (view, question, reader) ->
            assertThat(texts(Answers.rows(view, question, reader)))
                .as("%s", question)
                .isEqualTo(
                    texts(
                        Answers.rows(view, question, reader).stream().sorted(PROMISED).toList())));
  }

  @Test
  void rangesAreTheRowsBetweenTheirBounds() {
    everyRange(
        (view, question, reader) -> {
          List<Row> all = Answers.rows(view, question, reader);
          for (int i = 0; i < 30; i++) {
            JsonNode one = bound(all);
            JsonNode other = bound(all);
            boolean ordered = JsonOrder.compare(one, other) <= 0;
            JsonNode from = ordered ? one : other;
            JsonNode to = ordered ? other : one;
            Question between = question.with("start", from + "").with("end", to + "");
            assertThat(texts(view, between, reader))
                .as("%s", between)
                .isEqualTo(
                    fitting(
                        all,
                        key ->
                            JsonOrder.compare(key, from) >= 0 && JsonOrder.compare(key, to) < 0));
            Question behind = question.with("start", from + "");
            assertThat(texts(view, behind, reader))
                .as("%s", behind)
                .isEqualTo(fitting(all, key -> JsonOrder.compare(key, from) >= 0));
            Question before = question.with("end", to + "");
            assertThat(texts(view, before, reader))
                .as("%s", before)
                .isEqualTo(fitting(all, key -> JsonOrder.compare(key, to) < 0));
          }
        });
  }

  @Test
  void termsKeysAndPrefixesFindTheRowsThatFit() {
    everyRange(
        (view, question, reader) -> {
          List<Row> all = Answers.rows(view, question, reader);
          for (int i = 0; i < 30; i++) {
            JsonNode term = bound(all);
            if (knows(view, question, "term")) {
              Question equal = question.with("term", term + "");
              assertThat(texts(view, equal, reader))
                  .as("%s", equal)
                  .isEqualTo(fitting(all, key -> JsonOrder.compare(key, term) == 0));
            }
            if (knows(view, question, "keys")) {
              List<JsonNode> terms = List.of(term, bound(all), bound(all), term);
              Question several = question.with("keys", terms.toString());
              assertThat(texts(view, several, reader))
                  .as("%s", several)
                  .isEqualTo(
                      fitting(
                          all,
                          key -> terms.stream().anyMatch(one -> JsonOrder.compare(key, one) == 0)));
            }
            if (knows(view, question, "prefix") && (term.isTextual() || term.isArray())) {
              JsonNode prefix = term.isTextual() ? beginning(term.textValue()) : term;
              Question beginning = question.with("prefix", prefix + "");
              assertThat(texts(view, beginning, reader))
                  .as("%s", beginning)
                  .isEqualTo(fitting(all, key -> JsonOrder.hasPrefix(key, prefix)));
            }
          }
        });
  }

  private JsonNode beginning(String text) {
    int[] codePoints = text.codePoints().toArray();
    return TextNode.valueOf(new String(codePoints, 0, random().nextInt(codePoints.length + 1)));
  }

  @Test
  void reverseIsTheMirror() {
    everyRange(
        (view, question, reader) -> {
          if (!knows(view, question, "reverse")) {
            return;
          }
          List<Row> all = Answers.rows(view, question, reader);
          for (int i = 0; i < 10; i++) {
            Question some = i == 0 ? question : question.with("start", bound(all) + "");
            List<String> mirrored = new ArrayList<>(texts(view, some, reader));
            Collections.reverse(mirrored);
            Question reversed = some.with("reverse", "true");
            assertThat(texts(view, reversed, reader)).as("%s", reversed).isEqualTo(mirrored);
          }
        });
  }

  @Test
  void limitsGiveTheFirstRowsAndPagesMakeTheWhole() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView built = host.view(example).giveAll(history(host, example, 150));
          View view = built.view();
          List<Question> questions = new ArrayList<>(Answers.questions(view, example));
          questions.addAll(ranged(view, example));
          for (Question question : questions) {
            if (!(view.methods().get(question.method()) instanceof ViewMethod.Source)
                || question.arguments().containsKey("limit")) {
              continue;
            }
            checkPages(view, question, host.store());
            if (knows(view, question, "reverse")) {
              checkPages(view, question.with("reverse", "true"), host.store());
            }
          }
        });
  }

  private void checkPages(View view, Question question, StoreReader reader) {
    if (!knows(view, question, "limit")) {
      return;
    }
    List<String> all = texts(view, question, reader);
    for (int limit : List.of(0, 1, 1 + random().nextInt(10), all.size(), all.size() + 1)) {
      Question limited = question.with("limit", limit + "");
      assertThat(texts(view, limited, reader))
          .as("%s", limited)
          .isEqualTo(all.subList(0, Math.min(limit, all.size())));
    }
    if (!knows(view, question, "after") || question.arguments().containsKey("after")) {
      return;
    }
    for (int limit : List.of(1, 2 + random().nextInt(10))) {
      List<String> pages = new ArrayList<>();
      Question page = question.with("limit", limit + "");
      List<Row> rows = Answers.rows(view, page, reader);
      while (!rows.isEmpty()) {
        pages.addAll(texts(rows));
        assertThat(pages).as("pages of %s", page).hasSizeLessThanOrEqualTo(all.size());
        if (all.size() == 1) {
          // A single row that sums up everything knows of nothing behind it.
          break;
        }
        byte[] position = rows.get(rows.size() - 1).position();
        String after = Base64.getUrlEncoder().withoutPadding().encodeToString(position);
        rows = Answers.rows(view, page.with("after", after), reader);
      }
      assertThat(pages).as("pages of %s", page).isEqualTo(all);
    }
  }

  @Test
  void indexesAgreeWithThemselves() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView built = host.view(example).giveAll(history(host, example, 150));
          for (PathIndex index : built.view().indexes()) {
            assertThat(index.paths()).as("paths").isNotEmpty();
            List<String> all = check(index, EVERYTHING, host.store());
            for (Row row : Answers.gather(index.read(EVERYTHING, false, host.store()))) {
              checkAround(index, row, values(row, index.paths().size()), all, host.store());
            }
          }
        });
  }

  /** The values that a row lies at; none when the key does not tell. */
  private static List<JsonNode> values(Row row, int paths) {
    JsonNode key = JsonOrder.read(Answers.utf8(row.key()));
    if (paths == 1) {
      // An array may be the one value, or have it as its element.
      return key.isArray() ? List.of() : List.of(key);
    }
    List<JsonNode> values = new ArrayList<>();
    key.forEach(values::add);
    return values;
  }

  /** All ranges around the values that a row lies at have it. */
  private static void checkAround(
      PathIndex index, Row row, List<JsonNode> values, List<String> all, StoreReader reader) {
    List<JsonNode> equal = new ArrayList<>();
    for (JsonNode value : values) {
      PathIndex.Range range = new PathIndex.Range(equal, value, value);
      assertThat(check(index, range, reader))
          .as("%s", range)
          .contains(Answers.withoutPosition(row))
          .isSubsetOf(all);
      equal.add(value);
    }
  }

  /** The rows of a range, which are the same both ways, and as many as are counted. */
  private static List<String> check(PathIndex index, PathIndex.Range range, StoreReader reader) {
    List<String> rows = texts(Answers.gather(index.read(range, false, reader)));
    List<String> mirrored = new ArrayList<>(texts(Answers.gather(index.read(range, true, reader))));
    Collections.reverse(mirrored);
    assertThat(mirrored).as("%s, reversed twice", range).isEqualTo(rows);
    assertThat(index.count(range, Long.MAX_VALUE, reader)).as("%s", range).isEqualTo(rows.size());
    assertThat(index.count(range, 1, reader))
        .isBetween((long) Math.min(1, rows.size()), (long) rows.size());
    return rows;
  }
}
