package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.tck.view.ViewExample.BadQuestion;
import io.millrace.tck.view.ViewExample.Question;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Arguments that make no sense are refused by name, and the form of good ones does not matter. */
abstract class ArgumentTests extends ViewGroup {
  /** What parameters with the usual names cannot be. */
  private static final Map<String, List<String>> NONSENSE =
      Map.of(
          "limit", List.of("-1", "many", "1.5", ""),
          "reverse", List.of("perhaps", "1", ""),
          "after", List.of("%%%"),
          "term", List.of("{", "no quotation marks", ""),
          "start", List.of("[1,", ""),
          "end", List.of("'a'", ""),
          "prefix", List.of("{", "5", "null"),
          "keys", List.of("[", "5", "{}"),
          "key", List.of("{", ""));

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  ArgumentTests(ViewTck tck) {
    super(tck);
  }

  @Test
  void nonsenseIsRefusedByName() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView built = host.view(example).giveAll(history(host, example, 60));
          List<String> before = built.answers();
          List<String> bytes = built.bytes();
          for (BadQuestion bad : badQuestions(built.view(), example)) {
            Throwable refusal =
                catchThrowable(() -> Answers.answer(built.view(), bad.question(), host.store()));
            assertThat(refusal)
                .as("%s", bad.question())
                .isInstanceOf(InvalidRequestException.class)
                .hasMessageContaining(bad.parameter());
          }
          assertThat(built.answers()).isEqualTo(before);
          assertThat(built.bytes()).isEqualTo(bytes);
        });
  }

  private static List<BadQuestion> badQuestions(View view, ViewExample example) {
    List<BadQuestion> bad = new ArrayList<>(example.badQuestions());
    for (Map.Entry<String, ViewMethod> method : view.methods().entrySet()) {
      for (String parameter : method.getValue().parameters()) {
        for (String text : NONSENSE.getOrDefault(parameter, List.of())) {
          Question question = new Question(method.getKey(), Map.of(parameter, text));
          bad.add(new BadQuestion(parameter, question));
        }
      }
      if (method.getValue().parameters().containsAll(List.of("start", "end"))) {
        Question turned = new Question(method.getKey(), Map.of("start", "2", "end", "1"));
        bad.add(new BadQuestion("start", turned));
      }
    }
    return bad;
  }

  @Test
  void argumentsMayComeFromAnObject() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView built = host.view(example).giveAll(history(host, example, 60));
          for (Question question : Answers.questions(built.view(), example)) {
            Map<String, JsonNode> values = new HashMap<>();
            question.arguments().forEach((name, text) -> values.put(name, value(text)));
            ViewArguments object = ViewArguments.ofValues(values);
            assertThat(Answers.answer(built.view(), question, object, host.store()))
                .as("%s", question)
                .isEqualTo(Answers.answer(built.view(), question, host.store()));
          }
        });
  }

  /** What a client would write in an object for what stands in a query string. */
  private static JsonNode value(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(text);
    }
  }
}
