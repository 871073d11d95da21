package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.api.view.ViewMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Definitions, and what a view says of itself. */
abstract class DefinitionTests extends ViewGroup {
  DefinitionTests(ViewTck tck) {
    super(tck);
  }

  @Test
  void validDefinitionsPassAndCanBeOpened() {
    ViewHost host = host();
    everyExample(
        example -> {
          ViewDefinition definition = host.definition(example);
          ObjectNode before = definition.members().deepCopy();
          for (int i = 0; i < 3; i++) {
            host.factory().validate(definition);
          }
          View view = host.view(example).view();
          assertThat(view.methods()).as("methods").isNotEmpty();
          assertThat(definition.members()).as("the members").isEqualTo(before);
        });
  }

  @Test
  void refusedDefinitionsAreRefusedEachTimeWithTheSameReason() {
    ViewHost host = host();
    ViewExample example = tck().examples().get(0);
    for (String members : tck().refused()) {
      ViewDefinition definition = host.definition(example, members);
      String first = refusal(host, definition, members);
      assertThat(first).as("the reason against %s", members).isNotBlank();
      assertThat(refusal(host, definition, members)).as(members).isEqualTo(first);
      assertThat(definition.members()).as(members).isEqualTo(ViewExample.members(members));
    }
  }

  private static String refusal(ViewHost host, ViewDefinition definition, String members) {
    Throwable refusal = catchThrowable(() -> host.factory().validate(definition));
    assertThat(refusal).as(members).isInstanceOf(InvalidDefinitionException.class);
    return String.valueOf(refusal.getMessage());
  }

  @Test
  void membersThatNobodyKnowsAreRefusedByName() {
    ViewHost host = host();
    everyExample(
        example -> {
          ObjectNode members = example.members().put("nobodyKnowsMe", 1);
          ViewDefinition definition = host.definition(example, members.toString());
          assertThatThrownBy(() -> host.factory().validate(definition))
              .isInstanceOf(InvalidDefinitionException.class)
              .hasMessageContaining("nobodyKnowsMe");
        });
  }

  @Test
  void refusedDefinitionsDisturbNobody() {
    ViewHost quiet = host();
    ViewHost bothered = host();
    everyExample(
        example -> {
          History history = history(quiet, example, 40);
          HostedView expected = quiet.view(example).giveAll(history);
          HostedView view = bothered.view(example);
          for (String members : tck().refused()) {
            refusal(bothered, bothered.definition(example, members), members);
            view.give(history, history.last(), 5);
          }
          assertSame(view.giveAll(history), expected);
        });
  }

  @Test
  void viewsSayTheSameOfThemselvesAtEveryCall() {
    ViewHost host = host();
    everyExample(
        example -> {
          HostedView view = host.view(example);
          String before = description(view.view());
          assertThat(description(view.view())).isEqualTo(before);
          view.giveAll(history(host, example, 40));
          assertThat(description(view.view())).as("with rows").isEqualTo(before);
          view.reopen();
          assertThat(description(view.view())).as("opened again").isEqualTo(before);
        });
  }

  private static String description(View view) {
    Map<String, String> methods = new TreeMap<>();
    for (Map.Entry<String, ViewMethod> method : view.methods().entrySet()) {
      String kind = method.getValue().getClass().getSimpleName();
      boolean followed =
          method.getValue() instanceof ViewMethod.Source source && source.changed() != null;
      methods.put(
          method.getKey(),
          kind + new TreeSet<>(method.getValue().parameters()) + (followed ? " followed" : ""));
    }
    List<String> indexes = new ArrayList<>();
    for (PathIndex index : view.indexes()) {
      indexes.add(index.name() + index.paths());
    }
    return view.input() + " " + methods + " " + indexes;
  }

  @Test
  void viewsOfOneModuleDoNotDisturbEachOther() {
    ViewHost host = host();
    ViewHost alone = host();
    List<HostedView> views = tck().examples().stream().map(host::view).toList();
    History history = soundHistory(host, tck().examples().get(0), 60);
    for (long now = 1; now <= history.last(); now++) {
      for (HostedView view : views) {
        view.give(history, now, 3);
      }
    }
    for (HostedView view : views) {
      HostedView expected = alone.view(view.example()).giveAll(history);
      assertSame(view.giveAll(history), expected);
    }
  }
}
