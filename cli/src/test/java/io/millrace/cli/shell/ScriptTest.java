package io.millrace.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScriptTest {
  private static List<List<String>> words(String text) {
    Script.Cut cut = Script.cut(text, true);
    assertThat(cut.rest()).isEmpty();
    return cut.statements().stream().map(Statement::words).toList();
  }

  private static String rest(String text) {
    return Script.cut(text, false).rest();
  }

  @Test
  void quotationMarksKeepBlanks() {
    assertThat(words("a 'b  c' \"d\\\"  \\\\e\" f\\ g"))
        .containsExactly(List.of("a", "b  c", "d\"  \\e", "f g"));
    assertThat(words("a ''")).containsExactly(List.of("a", ""));
  }

  @Test
  void jsonIsOneWordAsItStandsThere() {
    String json = "{\"a;\": \"x } \\\" '\", \"b\": [1,\n 2.50]}";
    assertThat(words("put films x " + json)).containsExactly(List.of("put", "films", "x", json));
    assertThat(words("find films [{\"a\": 1}]"))
        .containsExactly(List.of("find", "films", "[{\"a\": 1}]"));
    assertThat(words("query f n --keys=[1, 2]"))
        .containsExactly(List.of("query", "f", "n", "--keys=[1, 2]"));
  }

  @Test
  void keyKeepsBlanksAndLosesQuotes() {
    assertThat(words("get films[a b];")).containsExactly(List.of("get", "films[a b]"));
    assertThat(words("get films['a ] b'];")).containsExactly(List.of("get", "films[a ] b]"));
    assertThat(words("get films[];")).containsExactly(List.of("get", "films[]"));
  }

  @Test
  void commandEndsWithTheLineAndAStatementOfDeltadbWithItsSemicolon() {
    assertThat(words("ls films\nbuckets")).hasSize(2);
    assertThat(words("set\n\"m\"\nfilms[a]\n= 'x';")).hasSize(1);
    assertThat(words("list a; list b;ls c")).hasSize(3);
    assertThat(rest("list films\n")).isNotEmpty();
    assertThat(rest("get films[a]\n")).isNotEmpty();
    assertThat(rest("get films a\n")).isEmpty();
  }

  @Test
  void whatIsNotClosedGoesOn() {
    for (String text : List.of("put f a {\"x\":", "a 'b\n", "a \"b", "a [", "get f[a", "a b\\")) {
      assertThat(rest(text)).as(text).isEqualTo(text);
      assertThat(Script.cut(text, true).statements()).as(text).isEmpty();
    }
    assertThat(rest("a b\nput f {\n")).isEqualTo("put f {\n");
  }

  @Test
  void linesWithANumberSignAreComments() {
    assertThat(words("# it's\na b\n  # c\n")).containsExactly(List.of("a", "b"));
    assertThat(words("a #b")).containsExactly(List.of("a", "#b"));
  }

  @Test
  void statementsOfDeltadbAreToldFromCommands() {
    assertThat(isOfDeltadb("get films[a];")).isTrue();
    assertThat(isOfDeltadb("get films a")).isFalse();
    assertThat(isOfDeltadb("get films a;")).isFalse();
    assertThat(isOfDeltadb("put films {\"a\":[1]};")).isFalse();
    assertThat(isOfDeltadb("del \"why\" films[a];")).isTrue();
    assertThat(isOfDeltadb("rollback \"why\" 7;")).isTrue();
    assertThat(isOfDeltadb("rollback films --to 7;")).isFalse();
  }

  private static boolean isOfDeltadb(String text) {
    return Script.cut(text, true).statements().get(0).isOfDeltadb();
  }
}
