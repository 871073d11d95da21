package io.millrace.view.js;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class JsDefinitionTest {
  private final JsFixture fixture = new JsFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  private void assertRefused(ObjectNode members, String... parts) {
    assertThatThrownBy(() -> fixture.factory.validate(new ViewDefinition("b", "q", "js", members)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContainingAll(parts);
  }

  private void assertRefused(String map, String... parts) {
    assertRefused(JsonNodeFactory.instance.objectNode().put("map", map), parts);
  }

  @Test
  void membersAreChecked() {
    ObjectNode none = JsonNodeFactory.instance.objectNode();
    assertRefused(none, "'map'");
    assertRefused(none.deepCopy().put("map", 1), "'map'");
    ObjectNode map = none.deepCopy().put("map", "doc => 1");
    for (String reduce : new String[] {"_sum", "avg", "", " "}) {
      assertRefused(map.deepCopy().put("reduce", reduce), "'reduce'", "count, sum, min, max");
    }
    assertRefused(map.deepCopy().put("reduce", 1), "'reduce'", "count, sum, min, max");
    assertRefused(map.deepCopy().putNull("reduce"), "'reduce'", "count, sum, min, max");
    assertRefused(map.deepCopy().put("reduce", "({})"), "'reduce'", "not a function");
    assertRefused(
        map.deepCopy().put("reduce", "function(keys, values) {\n  return values..length\n}"),
        "'reduce'",
        "line 2, column 17");
    assertRefused(none.deepCopy().put("map", "doc => 1").put("more", 1), "'more'");
  }

  @Test
  void aSyntaxErrorIsReportedWithItsPlace() {
    assertRefused("function(doc) {\n  return doc..name\n}", "line 2, column 14");
    assertRefused("function(doc) { return }}", "line 1, column 25");
    assertRefused("", "line");
    assertRefused("doc => 10n", "line 1");
    assertRefused("doc => /(/", "Unterminated group");
  }

  @Test
  void whatIsNoFunctionIsRefused() {
    assertRefused("1", "not a function");
    assertRefused("({})", "not a function");
    assertRefused("(() => { throw new Error('no') })()", "no");
    assertRefused("undefinedName", "undefinedName");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "function(doc){}); while(true){} (function(){}",
        "doc => 1); globalThis.x = 1; (doc => 2",
        "doc => 1\n); }); (function(emit) { return (doc => 2",
        "doc => 1]); [(doc => 2",
        "doc => 1, doc => 2); (1",
        "/* doc => 1",
        "doc => `",
        "doc => 1 //\n) (",
        "doc => 1; doc => 2",
        "doc => 1;",
        "...[doc => 1]",
        "return doc => 1",
        "var x = doc => 1",
        "doc => 1 */",
        "<!-- doc => 1",
        "await doc",
        "yield",
        "import x from 'x'",
        "doc => { with (doc) { return a } }",
      })
  void textCannotLeaveItsBrackets(String map) {
    assertRefused(map, "member 'map' is not accepted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(() => { while (true) {} })()",
        "(() => { const z = []; for (;;) z.push('x'.repeat(1e5) + z.length) })()",
        "(function f() { return f() })()",
        "(() => { for (;;) emit(1, 2) })()",
      })
  void checkingEnds(String map) {
    assertRefused(map, "member 'map' is not accepted");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "function(doc){ return doc.name }",
        "function map(doc){ return doc.name } // comment",
        "doc => doc.name /* comment */",
        "(doc) => { emit(doc.a, 1) }",
        "/* first */ doc => 1",
        "doc => /* ) */ ')' + `)${1}` + /[)]/",
        "(() => { const help = x => x; return doc => help(doc.a) })()",
        "0, doc => 1",
        "class {}",
      })
  void ordinaryTextIsAccepted(String map) {
    assertThatCode(() -> fixture.factory.validate(JsFixture.definition(map)))
        .doesNotThrowAnyException();
  }

  @Test
  void emitIsFoundInTheText() {
    for (String emitting :
        new String[] {
          "doc => emit(1)", "function(doc, emit) {}", "doc => { [1].forEach(emit) }",
          "doc => `${emit(1)}`", "doc => `a${`b${emit(1)}`}`", "doc => [...emit]",
          "doc => 1 / emit / 2", "doc => { return /a/.test(emit) }", "doc => ({emit})",
        }) {
      assertThat(EmitScanner.namesEmit(emitting)).as(emitting).isTrue();
    }
    for (String returning :
        new String[] {
          "doc => doc.emit",
          "doc => doc?.emit",
          "doc => 'emit'",
          "doc => \"\\\"emit\"",
          "doc => 1 // emit",
          "doc => 1 /* emit */",
          "doc => /emit/",
          "doc => /[/]emit/",
          "doc => `emit`",
          "doc => `${1}emit`",
          "doc => ({emit: 1})",
          "doc => emitter",
          "doc => { return /emit/ }",
          "doc => `${{a: 1}.a}emit`",
          "doc => 'unclosed emit",
          "doc => `unclosed ${emitted",
          "doc => /unclosed emit",
        }) {
      assertThat(EmitScanner.namesEmit(returning)).as(returning).isFalse();
    }
  }
}
