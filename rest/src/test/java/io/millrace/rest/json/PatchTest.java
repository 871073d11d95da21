package io.millrace.rest.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.api.document.Body;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.TransformationRefusedException;
import io.millrace.api.error.InvalidRequestException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PatchTest {
  private static final int MAX = 1 << 20;

  private static String merged(String body, String patch) {
    return new MergePatch(Body.parse(patch), MAX).apply(Body.parse(body)).toString();
  }

  private static OperationsPatch operations(String patch) {
    return new OperationsPatch(JsonText.parse(patch.getBytes(StandardCharsets.UTF_8)), MAX);
  }

  private static String patched(String body, String patch) {
    return operations(patch).apply(Body.parse(body)).toString();
  }

  /** The examples of RFC 7396, appendix A, as far as both sides are objects. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"a\":\"b\"}|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"b\"}|{\"b\":\"c\"}|{\"a\":\"b\",\"b\":\"c\"}",
        "{\"a\":\"b\"}|{\"a\":null}|{}",
        "{\"a\":\"b\",\"b\":\"c\"}|{\"a\":null}|{\"b\":\"c\"}",
        "{\"a\":[\"b\"]}|{\"a\":\"c\"}|{\"a\":\"c\"}",
        "{\"a\":\"c\"}|{\"a\":[\"b\"]}|{\"a\":[\"b\"]}",
        "{\"a\":{\"b\":\"c\"}}|{\"a\":{\"b\":\"d\",\"c\":null}}|{\"a\":{\"b\":\"d\"}}",
        "{\"a\":[{\"b\":\"c\"}]}|{\"a\":[1]}|{\"a\":[1]}",
        "{\"e\":null}|{\"a\":1}|{\"e\":null,\"a\":1}",
        "{}|{\"a\":{\"bb\":{\"ccc\":null}}}|{\"a\":{\"bb\":{}}}"
      })
  void mergeFollowsItsStandard(String body, String patch, String result) {
    assertThat(merged(body, patch)).isEqualTo(result);
  }

  @Test
  void numbersKeepTheirText() {
    String number = "-0.0,1e400,1E+2,1.10,123456789012345678901234567890,1e99999999999";
    assertThat(merged("{\"n\":[" + number + "]}", "{\"m\":[" + number + "]}"))
        .isEqualTo("{\"n\":[" + number + "],\"m\":[" + number + "]}");
  }

  @Test
  void operationsAreAppliedInOrder() {
    assertThat(
            patched(
                "{\"a\":[1,2],\"b\":{\"c\":1.50}}",
                "[{\"op\":\"move\",\"from\":\"/b/c\",\"path\":\"/d\"},"
                    + "{\"op\":\"add\",\"path\":\"/a/0\",\"value\":0},"
                    + "{\"op\":\"replace\",\"path\":\"/b\",\"value\":[]},"
                    + "{\"op\":\"copy\",\"from\":\"/d\",\"path\":\"/b/-\"},"
                    + "{\"op\":\"remove\",\"path\":\"/a/1\"}]"))
        .isEqualTo("{\"a\":[0,2],\"b\":[1.50],\"d\":1.50}");
  }

  @Test
  void wholeDocumentCanBeTestedAndReplaced() {
    assertThat(
            patched(
                "{\"a\":1}",
                "[{\"op\":\"test\",\"path\":\"\",\"value\":{\"a\":1.0}},"
                    + "{\"op\":\"replace\",\"path\":\"\",\"value\":{\"b\":2}}]"))
        .isEqualTo("{\"b\":2}");
  }

  @Test
  void failedTestIsAConflictAndOtherMisfitsAreNot() {
    Body body = Body.parse("{\"a\":1}");
    assertThat(refusal(body, "[{\"op\":\"test\",\"path\":\"/a\",\"value\":2}]").conflict())
        .isTrue();
    assertThat(refusal(body, "[{\"op\":\"test\",\"path\":\"/b\",\"value\":2}]").conflict())
        .isTrue();
    for (String operation :
        new String[] {
          "{\"op\":\"remove\",\"path\":\"/b\"}",
          "{\"op\":\"remove\",\"path\":\"\"}",
          "{\"op\":\"replace\",\"path\":\"/b\",\"value\":1}",
          "{\"op\":\"add\",\"path\":\"/b/c\",\"value\":1}",
          "{\"op\":\"move\",\"from\":\"/b\",\"path\":\"/c\"}",
          "{\"op\":\"copy\",\"from\":\"/b\",\"path\":\"/c\"}",
          "{\"op\":\"add\",\"path\":\"/_c\",\"value\":1}",
          "{\"op\":\"add\",\"path\":\"/id\",\"value\":\"x\"}",
          "{\"op\":\"replace\",\"path\":\"\",\"value\":[]}"
        }) {
      assertThat(refusal(body, "[" + operation + "]").conflict()).as(operation).isFalse();
    }
  }

  private static TransformationRefusedException refusal(Body body, String patch) {
    return catchThrowableOfType(
        TransformationRefusedException.class, () -> operations(patch).apply(body));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[1]",
        "[{\"op\":\"grow\",\"path\":\"/a\"}]",
        "[{\"op\":\"add\",\"path\":\"/a\"}]",
        "[{\"op\":\"add\",\"path\":\"a\",\"value\":1}]",
        "[{\"op\":\"move\",\"path\":\"/a\"}]",
        "[{\"path\":\"/a\",\"value\":1}]"
      })
  void whatIsNoPatchIsRefusedBeforeItIsApplied(String patch) {
    assertThatThrownBy(() -> operations(patch))
        .isInstanceOf(InvalidRequestException.class)
        .extracting("code")
        .isEqualTo("invalid-patch");
  }

  @Test
  void copiesThatDoubleTheDocumentAreStopped() {
    String copy = "{\"op\":\"copy\",\"from\":\"/a\",\"path\":\"/a/-\"}";
    String patch = "[" + copy + ("," + copy).repeat(99) + "]";
    assertThat(refusal(Body.parse("{\"a\":[\"0123456789\"]}"), patch))
        .hasMessageContaining("too large");
  }

  @Test
  void longNumbersAreComparedByTextAtNoCost() {
    String digits = "1".repeat(500_000);
    assertThat(
            patched(
                "{\"a\":" + digits + "}",
                "[{\"op\":\"test\",\"path\":\"/a\",\"value\":" + digits + "}]"))
        .contains(digits);
  }
}
