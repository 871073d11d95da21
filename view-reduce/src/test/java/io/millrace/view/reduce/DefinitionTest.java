package io.millrace.view.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Modules;
import io.millrace.spi.ViewProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DefinitionTest {
  private final ReduceFixture fixture = new ReduceFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {}                                                          | 'fold' or 'aggregates' is needed
          {"fold":"(a,c)=>a","initial":0,"aggregates":{"n":"count"}}  | cannot be given together
          {"aggregates":{"n":"count"},"more":1}                       | member 'more' is not known
          {"aggregates":{}}                                           | aggregates:
          {"aggregates":"count"}                                      | aggregates:
          {"aggregates":{"n":"sum"}}                                  | aggregates.n: must be "count"
          {"aggregates":{"n":{"sum":"a","min":"b"}}}                  | aggregates.n: must be "count"
          {"aggregates":{"n":{"median":"a"}}}                         | aggregates.n: there is no aggregate called 'median'
          {"aggregates":{"n":{"sum":""}}}                             | aggregates.n.sum: a path
          {"aggregates":{"n":{"sum":7}}}                              | aggregates.n.sum: a path
          {"aggregates":{"n":{"sum":"id.x"}}}                         | aggregates.n.sum: there is never a value
          {"group":[],"aggregates":{"n":"count"}}                     | group: 1 to 32 paths
          {"group":["a","a"],"aggregates":{"n":"count"}}              | group[1]: the path stands there twice
          {"missing":"null","aggregates":{"n":"count"}}               | missing: makes no sense
          {"group":"a","missing":1,"aggregates":{"n":"count"}}        | missing: must be
          {"group":{"a":1},"aggregates":{"n":"count"}}                | group: a path
          {"group":["a",["b","c.d",true]],"aggregates":{"n":"count"}} | group[1]: a step
          {"group":"rev.1","aggregates":{"n":"count"}}                | group: there is never a value
          {"where":{"x":{"$wrong":1}},"aggregates":{"n":"count"}}     | where
          {"fold":"(a,c)=>a"}                                         | 'initial' is needed
          {"fold":7,"initial":0}                                      | 'fold' must be the source
          {"fold":"(a,c)=>a","initial":0,"group":"a"}                 | member 'group' is not known
          {"fold":"(a,c)=>a..b","initial":0}                          | member 'fold' is not accepted: line 1, column
          {"fold":"7","initial":0}                                    | not a function
          {"fold":"(()=>{for(;;);})()","initial":0}                   | member 'fold' is not accepted
          {"fold":{"java":"none"}}                                    | there is no fold called 'none'; found are doubling, odd, tally
          {"fold":{"java":7}}                                         | 'fold.java' must be the name
          {"fold":{"java":"tally","x":1}}                             | member 'fold.x' is not known
          {"fold":{"java":"tally"},"initial":0}                       | 'initial' cannot be given
          """)
  void whatMakesNoSenseIsRefusedWithPlaceAndReason(String members, String message) {
    assertThatThrownBy(() -> fixture.factory.validate(ReduceFixture.definition(members)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"aggregates\":{\"\":\"count\"}}",
        "{\"group\":[[\"a.b\",0]],\"aggregates\":{\"n\":{\"max\":\"a.*.b\"}}}",
        "{\"group\":\"id\",\"where\":{},\"aggregates\":{\"n\":{\"count\":\"rev\"}}}",
        "{\"fold\":\"(a, c) => a // comment\",\"initial\":null}",
        "{\"fold\":{\"java\":\"tally\",\"version\":2}}",
      })
  void whatMakesSenseIsAccepted(String members) {
    assertThatCode(() -> fixture.factory.validate(ReduceFixture.definition(members)))
        .doesNotThrowAnyException();
  }

  @Test
  void aFoldHasNoOtherQueryAsItsInput() {
    ObjectNode members =
        ReduceFixture.definition("{\"fold\":\"(a,c)=>a\",\"initial\":0}").members();
    assertThatThrownBy(
            () ->
                fixture.factory.validate(new ViewDefinition("b", "q", "reduce", "other", members)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining("'from'");
  }

  @Test
  void anInitialStateThatIsTooLongIsRefused() {
    String members = "{\"fold\":\"(a,c)=>a\",\"initial\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThatThrownBy(() -> fixture.factory.validate(ReduceFixture.definition(members)))
        .isInstanceOf(InvalidDefinitionException.class)
        .hasMessageContaining("'initial' is longer");
  }

  @Test
  void theProviderIsFoundByName() {
    assertThat(
            Modules.find("view", ViewProvider.class, getClass().getClassLoader()).named("reduce"))
        .isInstanceOf(ReduceViewProvider.class);
  }
}
