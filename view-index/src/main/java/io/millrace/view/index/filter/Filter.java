package io.millrace.view.index.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Revision;
import io.millrace.api.view.InvalidDefinitionException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A rule that JSON values match or do not. Immutable.
 *
 * <p>A string, number, boolean or null matches what equals it. An object matches what is neither
 * missing nor null and whose members match the rules that it has for them; an array matches arrays
 * whose first elements match its own, in their order. An object of operators, whose names begin
 * with {@code $}, matches what all of them match. Equality and order are those of {@link
 * JsonOrder}; comparisons hold between values of one kind only.
 */
public final class Filter {
  private final Rule rule;
  private final boolean seesMetadata;

  private Filter(Rule rule) {
    this.rule = rule;
    this.seesMetadata = seesMetadata(rule);
  }

  /**
   * Reads a filter.
   *
   * @param rule as it is written
   * @param place where it stands, such as {@code query[0].$filter}, for messages
   * @throws InvalidDefinitionException with the place and the reason
   */
  public static Filter parse(JsonNode rule, String place) {
    return new Filter(RuleParser.rule(rule, place, 0));
  }

  /** Whether {@code value} matches; what is missing is a {@link MissingNode}. */
  public boolean matches(JsonNode value) {
    return rule.matches(value);
  }

  /** Whether a document matches, which has its id and revision as members, as it is shown. */
  public boolean matches(String id, Revision revision, ObjectNode body) {
    return rule.matches(seesMetadata ? shown(id, revision, body) : body);
  }

  /** A document as it is shown: with the members {@code id} and {@code rev} before its own. */
  public static ObjectNode shown(String id, Revision revision, ObjectNode body) {
    ObjectNode shown = body.objectNode();
    shown.put("id", id).put("rev", revision.toString());
    return shown.setAll(body);
  }

  /** What is said about the value at {@code path} within values that match. */
  public Bounds boundsAt(ValuePath path) {
    Bounds bounds = Bounds.NOTHING;
    for (Rule there : rulesAt(path)) {
      bounds = bounds.and(there.bounds());
    }
    return bounds;
  }

  /** Whether values that match have something at {@code path}. */
  public boolean requires(ValuePath path) {
    return rulesAt(path).stream().anyMatch(there -> !there.matches(MissingNode.getInstance()));
  }

  /**
   * Whether every value that matches this filter matches {@code other} too. It may do so although
   * the answer is no: only what can be seen from the rules is.
   */
  public boolean implies(Filter other) {
    return implies(List.of(rule), other.rule);
  }

  private static boolean implies(List<Rule> given, Rule wanted) {
    List<Rule> rules = flat(given);
    if (rules.stream().anyMatch(one -> impliesAlone(one, wanted))) {
      return true;
    }
    if (wanted instanceof Rule.All all) {
      return all.rules().stream().allMatch(part -> implies(rules, part));
    }
    return wanted instanceof Rule.Members members
        && rules.stream().anyMatch(Filter::wantsSomething)
        && members.members().entrySet().stream()
            .allMatch(
                member ->
                    implies(
                        inner(rules, new ValuePath.Step(member.getKey(), null)),
                        member.getValue()));
  }

  private static boolean impliesAlone(Rule one, Rule wanted) {
    return one.equals(wanted)
        || one instanceof Rule.Equal equal && wanted.matches(equal.other())
        || one instanceof Rule.OneOf any && any.values().stream().allMatch(wanted::matches);
  }

  /** Whether a rule holds for neither what is missing nor null. */
  private static boolean wantsSomething(Rule rule) {
    return !rule.matches(MissingNode.getInstance()) && !rule.matches(NullNode.getInstance());
  }

  /** The rules about the value at {@code path}; all of them must hold. */
  private List<Rule> rulesAt(ValuePath path) {
    List<Rule> rules = List.of(rule);
    for (ValuePath.Step step : path.steps()) {
      rules = inner(flat(rules), step);
    }
    return flat(rules);
  }

  private static List<Rule> inner(List<Rule> rules, ValuePath.Step step) {
    List<Rule> inner = new ArrayList<>();
    for (Rule outer : rules) {
      Rule rule = inner(outer, step);
      if (rule != null) {
        inner.add(rule);
      }
    }
    return inner;
  }

  private static @Nullable Rule inner(Rule outer, ValuePath.Step step) {
    if (outer instanceof Rule.Members members) {
      return step.name() == null ? null : members.members().get(step.name());
    }
    Integer index = step.index();
    return outer instanceof Rule.Elements elements
            && index != null
            && index >= 0
            && index < elements.elements().size()
        ? elements.elements().get(index)
        : null;
  }

  private static List<Rule> flat(List<Rule> rules) {
    List<Rule> flat = new ArrayList<>();
    for (Rule rule : rules) {
      if (rule instanceof Rule.All all) {
        flat.addAll(all.rules());
      } else {
        flat.add(rule);
      }
    }
    return flat;
  }

  /** Whether it can make a difference to this rule whether a document shows its id and revision. */
  private static boolean seesMetadata(Rule rule) {
    return !(rule instanceof Rule.Members members)
        || members.members().containsKey("id")
        || members.members().containsKey("rev");
  }
}
