package io.millrace.view.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Revision;
import io.millrace.api.view.InvalidDefinitionException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MemberPathTest {
  private static final Revision REVISION = new Revision(3, 1, 2);

  private static final String DOCUMENT =
      """
      {"name":"Sam","address":{"city":"Bath","zip":null},"a.b":{"c":[10,20,30]},
       "tags":["x","y",["z"]],"lines":[{"sku":1,"parts":[1,2]},{"sku":2},{"parts":[3]},7],
       "0":"zero","*":"star","id":"mine"}""";

  private static MemberPath path(String json) {
    return MemberPath.parse(JsonModel.read(json), "member 'key'");
  }

  private static List<String> find(String path) {
    return path(path).find("doc", REVISION, JsonModel.read(DOCUMENT)).stream()
        .map(JsonNode::toString)
        .toList();
  }

  @Test
  void membersAreFoundByTheirNames() {
    assertThat(find("\"name\"")).containsExactly("\"Sam\"");
    assertThat(find("\"address.city\"")).containsExactly("\"Bath\"");
    assertThat(find("[\"address\",\"city\"]")).containsExactly("\"Bath\"");
    assertThat(find("\"address\"")).containsExactly("{\"city\":\"Bath\",\"zip\":null}");
    assertThat(find("\"address.zip\"")).containsExactly("null");
  }

  @Test
  void whatIsNotThereIsNoValue() {
    for (String path :
        List.of(
            "\"nothing\"",
            "\"address.nothing\"",
            "\"name.x\"",
            "\"address.zip.x\"",
            "\"tags.x\"",
            "\"tags.3\"",
            "\"tags.-4\"",
            "\"address.0\"",
            "\"name.*\"",
            "\"address.*\"",
            "[\"tags\",\"0\"]",
            "[0]")) {
      assertThat(find(path)).as(path).isEmpty();
    }
  }

  @Test
  void elementsAreFoundByTheirPlaceFromEitherEnd() {
    assertThat(find("\"tags.0\"")).containsExactly("\"x\"");
    assertThat(find("\"tags.-1\"")).containsExactly("[\"z\"]");
    assertThat(find("\"tags.-1.0\"")).containsExactly("\"z\"");
    assertThat(find("[\"a.b\",\"c\",1]")).containsExactly("20");
    assertThat(find("[\"a.b\",\"c\",-3]")).containsExactly("10");
  }

  @Test
  void numberIsTheNameOfMemberInAnObject() {
    assertThat(find("\"0\"")).containsExactly("\"zero\"");
    assertThat(find("[\"0\"]")).containsExactly("\"zero\"");
  }

  @Test
  void wildcardIsEachElement() {
    assertThat(find("\"tags.*\"")).containsExactly("\"x\"", "\"y\"", "[\"z\"]");
    assertThat(find("\"lines.*.sku\"")).containsExactly("1", "2");
    assertThat(find("[\"lines\",\"*\",\"parts\",\"*\"]")).containsExactly("1", "2", "3");
    assertThat(find("\"lines.*.parts.-1\"")).containsExactly("2", "3");
    assertThat(path("\"lines.*.sku\"").hasWildcard()).isTrue();
    assertThat(path("\"lines.0.sku\"").hasWildcard()).isFalse();
  }

  @Test
  void idAndRevisionAreThoseOfTheDocument() {
    assertThat(find("\"id\"")).containsExactly("\"doc\"");
    assertThat(find("[\"rev\"]")).containsExactly('"' + REVISION.toString() + '"');
    assertThat(find("\"id.x\"")).isEmpty();
    assertThat(path("\"id.x\"").isEmpty()).isTrue();
    assertThat(path("\"id\"").find(JsonModel.read(DOCUMENT)).toString()).isEqualTo("[\"mine\"]");
  }

  @Test
  void whatIsNoPathIsRefusedWithItsPlace() {
    for (String wrong :
        List.of(
            "\"\"",
            "\"a..b\"",
            "\".a\"",
            "\"a.\"",
            "[]",
            "[[\"a\"]]",
            "[1.5]",
            "[null]",
            "7",
            "null",
            "{}",
            "[2147483648]",
            "[" + "\"a\",".repeat(MemberPath.MOST_STEPS) + "\"a\"]")) {
      assertThatThrownBy(() -> path(wrong))
          .as(wrong)
          .isInstanceOf(InvalidDefinitionException.class)
          .hasMessageStartingWith("member 'key': ");
    }
  }

  @Test
  void pathsAreEqualWhenTheyLeadTheSameWay() {
    assertThat(path("\"a.b\""))
        .isEqualTo(path("[\"a\",\"b\"]"))
        .hasSameHashCodeAs(path("[\"a\",\"b\"]"));
    assertThat(path("\"a.b\"")).isNotEqualTo(path("[\"a.b\"]"));
    assertThat(path("\"a.0\"")).isNotEqualTo(path("[\"a\",0]"));
    assertThat(path("\"a.*\"")).isEqualTo(path("[\"a\",\"*\"]"));
  }
}
