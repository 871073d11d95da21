package io.millrace.view.index.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Revision;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.view.index.JsonModel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FilterTest {
  private static final String EVERYTHING =
      "[null,false,true,0,1,2.5,\"\",\"a\",\"ab\",[],[1],[1,2],{},{\"a\":1},{\"a\":null}]";

  private static Filter filter(String rule) {
    return Filter.parse(JsonModel.read(rule), "where");
  }

  /** Which of {@code values} match, as JSON. */
  private static String matching(String rule, String values) {
    List<String> matching = new ArrayList<>();
    JsonModel.read(values)
        .forEach(
            value -> {
              if (filter(rule).matches(value)) {
                matching.add(value.toString());
              }
            });
    return String.join(" ", matching);
  }

  private static String ofEverything(String rule) {
    return matching(rule, EVERYTHING);
  }

  private static boolean matchesMissing(String rule) {
    return filter(rule).matches(MissingNode.getInstance());
  }

  @Test
  void literalsMatchWhatEqualsThem() {
    assertThat(ofEverything("1")).isEqualTo("1");
    assertThat(matching("1", "[1,1.0,10e-1,\"1\",true,[1]]")).isEqualTo("1 1 1");
    assertThat(ofEverything("\"a\"")).isEqualTo("\"a\"");
    assertThat(ofEverything("false")).isEqualTo("false");
    assertThat(ofEverything("null")).isEqualTo("null");
    assertThat(matching("9007199254740993", "[9007199254740992,9007199254740993]"))
        .isEqualTo("9007199254740993");
  }

  @Test
  void nullDoesNotMatchWhatIsMissing() {
    assertThat(matching("{\"a\":null}", "[{},{\"a\":null}]")).isEqualTo("{\"a\":null}");
    assertThat(matching("{\"a\":{\"$is\":\"undefined\"}}", "[{},{\"a\":null}]")).isEqualTo("{}");
    assertThat(matchesMissing("null")).isFalse();
    assertThat(matchesMissing("{\"$is\":\"null\"}")).isFalse();
  }

  @Test
  void objectsMatchByTheirMembersAndMayHaveMore() {
    assertThat(ofEverything("{\"a\":1}")).isEqualTo("{\"a\":1}");
    assertThat(matching("{\"a\":1}", "[{\"b\":2,\"a\":1.0},{\"a\":2},{\"b\":1},null,7]"))
        .isEqualTo("{\"b\":2,\"a\":1}");
    assertThat(matching("{\"a\":{\"b\":{\"$gt\":\"ok\"}}}", "[{\"a\":{\"b\":\"okay\"}},{\"a\":1}]"))
        .isEqualTo("{\"a\":{\"b\":\"okay\"}}");
    assertThat(ofEverything("{}").split(" ")).hasSize(14);
    assertThat(matchesMissing("{}")).isFalse();
  }

  @Test
  void arraysMatchByPositionAndMayBeLonger() {
    assertThat(ofEverything("[1]")).isEqualTo("[1] [1,2]");
    assertThat(ofEverything("[]")).isEqualTo("[] [1] [1,2]");
    assertThat(ofEverything("[1,{\"$gt\":1}]")).isEqualTo("[1,2]");
    assertThat(ofEverything("[1,{\"$is\":\"undefined\"}]")).isEqualTo("[1]");
  }

  @Test
  void comparisonsHoldWithinOneKindOnly() {
    assertThat(ofEverything("{\"$lt\":1}")).isEqualTo("0");
    assertThat(ofEverything("{\"$lte\":1}")).isEqualTo("0 1");
    assertThat(ofEverything("{\"$gt\":1}")).isEqualTo("2.5");
    assertThat(ofEverything("{\"$gte\":1}")).isEqualTo("1 2.5");
    assertThat(ofEverything("{\"$gt\":\"\"}")).isEqualTo("\"a\" \"ab\"");
    assertThat(ofEverything("{\"$lt\":true}")).isEqualTo("false");
    assertThat(ofEverything("{\"$gt\":[1]}")).isEqualTo("[1,2]");
    assertThat(ofEverything("{\"$gt\":{}}")).isEqualTo("{\"a\":1} {\"a\":null}");
    assertThat(ofEverything("{\"$lte\":null}")).isEqualTo("null");
    assertThat(ofEverything("{\"$gte\":1,\"$lt\":2}")).isEqualTo("1");
    assertThat(matching("{\"$lt\":\"\\ue000\"}", "[\"😀\",\"z\"]")).isEqualTo("\"z\"");
  }

  @Test
  void equalityComparesDeeplyWhateverTheOrderOfMembers() {
    String objects = "[{\"a\":1,\"b\":[2]},{\"b\":[2.0],\"a\":1},{\"a\":1},{\"a\":1,\"b\":2}]";
    assertThat(matching("{\"$eq\":{\"a\":1.0,\"b\":[2]}}", objects))
        .isEqualTo("{\"a\":1,\"b\":[2]} {\"b\":[2],\"a\":1}");
    assertThat(ofEverything("{\"$eq\":[1]}")).isEqualTo("[1]");
    assertThat(ofEverything("{\"$ne\":[1]}").split(" ")).hasSize(14);
    assertThat(matchesMissing("{\"$ne\":1}")).isTrue();
    assertThat(matchesMissing("{\"$eq\":null}")).isFalse();
  }

  @Test
  void prefixesAreOfStringsAndOfLongerArrays() {
    assertThat(ofEverything("{\"$prefix\":\"a\"}")).isEqualTo("\"a\" \"ab\"");
    assertThat(ofEverything("{\"$prefix\":\"\"}")).isEqualTo("\"\" \"a\" \"ab\"");
    assertThat(ofEverything("{\"$prefix\":[1]}")).isEqualTo("[1,2]");
    assertThat(ofEverything("{\"$prefix\":[]}")).isEqualTo("[1] [1,2]");
    assertThat(matching("{\"$prefix\":\"\\ud83d\"}", "[\"😀\"]")).isEmpty();
  }

  @Test
  void membershipIsThatOfAList() {
    assertThat(ofEverything("{\"$in\":[\"a\",1.0,[1],{\"a\":null}]}"))
        .isEqualTo("1 \"a\" [1] {\"a\":null}");
    assertThat(ofEverything("{\"$in\":[]}")).isEmpty();
    assertThat(ofEverything("{\"$in\":[null]}")).isEqualTo("null");
    assertThat(matchesMissing("{\"$in\":[null]}")).isFalse();
  }

  @Test
  void kindsAreReallyMatched() {
    for (String operator : List.of("$is", "$type")) {
      assertThat(kind(operator, "null")).isEqualTo("null");
      assertThat(kind(operator, "boolean")).isEqualTo("false true");
      assertThat(kind(operator, "number")).isEqualTo("0 1 2.5");
      assertThat(kind(operator, "string")).isEqualTo("\"\" \"a\" \"ab\"");
      assertThat(kind(operator, "array")).isEqualTo("[] [1] [1,2]");
      assertThat(kind(operator, "object")).isEqualTo("{} {\"a\":1} {\"a\":null}");
      assertThat(kind(operator, "undefined")).isEmpty();
      assertThat(matchesMissing("{\"" + operator + "\":\"undefined\"}")).isTrue();
    }
  }

  private static String kind(String operator, String name) {
    return ofEverything("{\"" + operator + "\":\"" + name + "\"}");
  }

  @Test
  void notTakesARule() {
    assertThat(ofEverything("{\"$not\":{\"$is\":\"number\"},\"$gt\":\"a\"}")).isEqualTo("\"ab\"");
    assertThat(ofEverything("{\"$not\":{}}")).isEqualTo("null");
    assertThat(matchesMissing("{\"$not\":1}")).isTrue();
  }

  @Test
  void truthIsWhatAScriptTakesItFor() {
    assertThat(ofEverything("{\"$truthy\":false}")).isEqualTo("null false 0 \"\"");
    assertThat(ofEverything("{\"$truthy\":true}").split(" ")).hasSize(11);
    assertThat(matchesMissing("{\"$truthy\":false}")).isTrue();
    assertThat(matching("{\"$truthy\":false}", "[0.0,-0.0,0e5,[],{}]").split(" ")).hasSize(3);
  }

  @Test
  void wholeNumbersAreKnownByTheirValue() {
    assertThat(matching("{\"$int\":true}", "[1,1.0,1e3,1.5,\"1\",-0.0,1e400]").split(" "))
        .hasSize(5);
    assertThat(matching("{\"$int\":false}", "[1,1.5,\"1\"]")).isEqualTo("1.5 \"1\"");
  }

  @Test
  void remaindersAreThoseOfExactDivision() {
    assertThat(matching("{\"$mod\":2}", "[0,1,2,-3,0.5,4.0,\"3\",null]")).isEqualTo("1 -3 0.5");
    assertThat(matching("{\"$mod\":[3,1]}", "[0,1,4,-2,7.0,2]")).isEqualTo("1 4 7");
    assertThat(matching("{\"$mod\":[0.1,0]}", "[0.3,0.35]")).isEqualTo("0.3");
    assertThat(matching("{\"$mod\":[3,1]}", "[1e2000,1e-2000]")).isEmpty();
  }

  @Test
  void getAsksWhetherThereIsSomethingAtAPath() {
    String values = "[{\"a\":{\"b\":1}},{\"a\":{\"b\":0}},{\"a\":[{\"b\":5}]},7]";
    assertThat(matching("{\"$get\":\"a.b\"}", values)).isEqualTo("{\"a\":{\"b\":1}}");
    assertThat(matching("{\"$get\":[\"a\",-1,\"b\"]}", values)).isEqualTo("{\"a\":[{\"b\":5}]}");
  }

  @Test
  void documentsMatchByIdAndRevisionToo() {
    Revision revision = new Revision(1, 2, 3);
    ObjectNode body = (ObjectNode) JsonModel.read("{\"a\":1}");
    assertThat(filter("{\"id\":\"x\",\"a\":1}").matches("x", revision, body)).isTrue();
    assertThat(filter("{\"id\":\"y\"}").matches("x", revision, body)).isFalse();
    assertThat(filter("{\"rev\":{\"$prefix\":\"1-\"}}").matches("x", revision, body)).isTrue();
    assertThat(filter("{\"$get\":\"id\"}").matches("x", revision, body)).isTrue();
    assertThat(filter("{\"a\":1}").matches("x", revision, body)).isTrue();
    assertThat(body).hasToString("{\"a\":1}");
  }

  @Test
  void implicationsAreSeenWhereTheyAreSafe() {
    assertThat(implies("{\"a\":1}", "{\"a\":1}")).isTrue();
    assertThat(implies("{\"a\":1,\"b\":2}", "{\"a\":1}")).isTrue();
    assertThat(implies("{\"a\":7}", "{\"a\":{\"$gt\":5}}")).isTrue();
    assertThat(implies("{\"a\":{\"$in\":[6,7]}}", "{\"a\":{\"$gt\":5}}")).isTrue();
    assertThat(implies("{\"a\":{\"$in\":[5,7]}}", "{\"a\":{\"$gt\":5}}")).isFalse();
    assertThat(implies("{\"a\":{\"$gte\":1,\"$lt\":9}}", "{\"a\":{\"$lt\":9}}")).isTrue();
    assertThat(implies("{\"a\":{\"b\":1,\"c\":2}}", "{\"a\":{\"c\":2}}")).isTrue();
    assertThat(implies("{\"a\":{\"$is\":\"undefined\"}}", "{\"a\":{}}")).isFalse();
    assertThat(implies("{\"a\":1}", "{\"a\":1,\"b\":1}")).isFalse();
    assertThat(implies("{}", "{}")).isTrue();
    assertThat(implies("{\"$not\":5}", "{\"a\":{\"$not\":5}}")).isFalse();
  }

  private static boolean implies(String given, String wanted) {
    return filter(given).implies(filter(wanted));
  }

  @Test
  void rulesThatMakeNoSenseAreRefusedWithPlaceAndReason() {
    refused(
        "{\"year\":{\"$foo\":1}}", "where.year.$foo: there is no such operator; there are [$eq");
    refused("{\"a\":[1,{\"$Gt\":1}]}", "where.a[1].$Gt: there is no such operator");
    refused("{\"a\":{\"$gt\":1,\"b\":2}}", "where.a.b: operators, which begin with $, and names");
    refused("{\"$in\":1}", "where.$in: needs an array");
    refused("{\"$is\":\"nubmer\"}", "where.$is: must be one of [undefined, null, boolean, number");
    refused("{\"$type\":true}", "where.$type: must be one of");
    refused("{\"$prefix\":1}", "where.$prefix: a prefix is a string or an array");
    refused("{\"$truthy\":1}", "where.$truthy: must be true or false");
    refused("{\"$int\":\"yes\"}", "where.$int: must be true or false");
    refused("{\"$mod\":0}", "where.$mod: a divisor is a number other than 0");
    refused("{\"$mod\":[0,1]}", "where.$mod[0]: a divisor is a number other than 0");
    refused("{\"$mod\":[1,2,3]}", "where.$mod: needs a divisor");
    refused("{\"$get\":\"a..b\"}", "where.$get: a path is");
    refused("{\"$not\":{\"$no\":1}}", "where.$not.$no: there is no such operator");
    refused("[".repeat(200) + "]".repeat(200), "where" + "[0]".repeat(101) + ": rules are nested");
  }

  private static void refused(String rule, String message) {
    assertThatThrownBy(() -> filter(rule))
        .as(rule)
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageStartingWith(message);
  }
}
