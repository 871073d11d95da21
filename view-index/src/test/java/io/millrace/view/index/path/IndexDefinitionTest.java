package io.millrace.view.index.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.spi.Modules;
import io.millrace.spi.ViewProvider;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IndexDefinitionTest {
  private final IndexViews views = new IndexViews();

  @AfterEach
  void close() {
    views.close();
  }

  @Test
  void moduleIsFoundByItsName() {
    ViewProvider found =
        Modules.find("view", ViewProvider.class, getClass().getClassLoader()).named("index");
    assertThat(found).isInstanceOf(IndexViewProvider.class);
    assertThat(found.settings()).isEmpty();
  }

  @Test
  void definitionsThatSayWhatTheyMeanAreTaken() {
    for (String members :
        List.of(
            "{\"key\":\"a\"}",
            "{\"key\":[\"a\"]}",
            "{\"key\":[\"a.b\",[\"c.d\",0],\"tags.*\"]}",
            "{\"key\":\"a\",\"value\":\"b\"}",
            "{\"key\":\"a\",\"value\":null}",
            "{\"key\":\"a\",\"value\":\"b\",\"reduce\":\"stats\"}",
            "{\"key\":\"a\",\"value\":[\"b\",\"c.d\"]}",
            "{\"key\":\"a\",\"value\":{\"x\":\"b\",\"\":[\"c\",-1]}}",
            "{\"key\":\"l.*.a\",\"value\":\"l.*.b\",\"missing\":\"null\"}",
            "{\"key\":\"l.*.m.*\",\"value\":\"l.*\"}",
            "{\"key\":\"id\",\"where\":{\"a\":1},\"missing\":\"skip\"}")) {
      assertThatCode(() -> views.validate(members)).as(members).doesNotThrowAnyException();
    }
  }

  @Test
  void definitionsThatMakeNoSenseAreRefusedWithPlaceAndReason() {
    refused("{}", "member 'key' is needed");
    refused("{\"key\":[]}", "member 'key' names no path");
    refused("{\"key\":\"\"}", "member 'key': a path must not be empty");
    refused("{\"key\":null}", "member 'key': a path is a string");
    refused("{\"key\":{\"a\":\"b\"}}", "member 'key': a path is a string");
    refused("{\"key\":[\"a\",7]}", "member 'key', path 2: a path is a string");
    refused("{\"key\":[\"a\",[]]}", "member 'key', path 2: a path needs at least one step");
    refused("{\"key\":[\"a.b\",[\"a\",\"b\"]]}", "member 'key', path 2: is path 1 again");
    refused("{\"key\":\"id.x\"}", "member 'key': nothing lies behind");
    refused("{\"key\":\"a\",\"value\":7}", "member 'value': a path is a string");
    refused("{\"key\":\"a\",\"value\":{}}", "member 'value' names no path");
    refused("{\"key\":\"a\",\"value\":{\"x\":\"a..b\"}}", "member 'value', 'x': a step");
    refused("{\"key\":\"a\",\"value\":\"t.*\"}", "member 'value': walks over elements");
    refused(
        "{\"key\":\"l.*.a\",\"value\":{\"x\":\"l.*.b.*\"}}",
        "member 'value', 'x': walks over elements");
    refused("{\"key\":\"a\",\"missing\":\"drop\"}", "member 'missing' must be");
    refused("{\"key\":\"a\",\"missing\":null}", "member 'missing' must be");
    refused("{\"key\":\"a\",\"reduce\":\"median\"}", "member 'reduce' must be one of count, sum");
    refused("{\"key\":\"a\",\"reduce\":1}", "member 'reduce' must be one of");
    refused("{\"key\":\"a\",\"were\":{}}", "member 'were' is not known");
    refused("{\"key\":\"a\",\"where\":{\"$no\":1}}", "member 'where'");
    refused("{\"key\":[" + "\"a\",".repeat(32) + "\"b\"]}", "member 'key' has 33 paths");
  }

  private void refused(String members, String message) {
    assertThatThrownBy(() -> views.validate(members))
        .as(members)
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith(message);
  }
}
