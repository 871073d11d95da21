package io.millrace.tck.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A definition to try a view module with, and what the kit cannot know of it: questions, documents,
 * and in which respects it is special. Filled by one thread, then only read.
 */
public final class ViewExample {
  static final String BUCKET = "films";
  static final String NAME = "example";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private final String text;
  private final List<Question> questions = new ArrayList<>();
  private final List<BadQuestion> badQuestions = new ArrayList<>();
  private @Nullable List<Question> ranged;
  private @Nullable Function<Random, Body> documents;
  private @Nullable String failing;
  private @Nullable String from;
  private boolean findsFailed;
  private boolean showsRowsByRows = true;

  private ViewExample(String text) {
    this.text = text;
  }

  /** Something to ask: a method and its arguments, as in a query string. */
  record Question(String method, Map<String, String> arguments) {
    Question with(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(arguments);
      more.put(name, value);
      return new Question(method, more);
    }

    /** The arguments as a view is given them. */
    ViewArguments texts() {
      return ViewArguments.ofTexts(arguments);
    }

    @Override
    public String toString() {
      return method + arguments;
    }
  }

  /** A question that must be refused with a message that names the parameter. */
  record BadQuestion(String parameter, Question question) {}

  /**
   * An example that is special in no way.
   *
   * @param members the module's own members of the definition, a JSON object
   */
  public static ViewExample of(String members) {
    return new ViewExample(members);
  }

  /**
   * One more question. Methods called {@code rows} are asked without arguments anyway.
   *
   * @param arguments names and values, as in a query string
   */
  public ViewExample asking(String method, String... arguments) {
    questions.add(new Question(method, map(arguments)));
    return this;
  }

  /**
   * A question that must be refused, with a message that names {@code parameter}. The kit asks
   * others of its own for parameters whose names it knows, such as {@code limit}.
   */
  public ViewExample refusing(String parameter, String method, String... arguments) {
    badQuestions.add(new BadQuestion(parameter, new Question(method, map(arguments))));
    return this;
  }

  /** What its documents are like. They should often be alike, so that rows have equal keys. */
  public ViewExample documents(Function<Random, Body> random) {
    documents = random;
    return this;
  }

  /**
   * A document that cannot be computed.
   *
   * @param body a JSON object
   */
  public ViewExample failing(String body) {
    failing = body;
    return this;
  }

  /** Methods show documents that could not be computed nevertheless. */
  public ViewExample findingFailedDocuments() {
    findsFailed = true;
    return this;
  }

  /** The input are the rows of another query; the documents must be made accordingly. */
  public ViewExample from(String query) {
    from = query;
    return this;
  }

  /**
   * The method whose parameters {@code term}, {@code keys}, {@code prefix}, {@code start} and
   * {@code end} are those of {@code docs/rest-api.md}: of the rows that come for {@code arguments}
   * they leave those whose keys fit. May be called several times. Unless it is called, all sources
   * that have {@code start} and {@code end} are held to it without arguments.
   */
  public ViewExample ranging(String method, String... arguments) {
    List<Question> more = ranged == null ? new ArrayList<>() : ranged;
    more.add(new Question(method, map(arguments)));
    ranged = more;
    return this;
  }

  /** The method {@code rows} gives something else than the rows that the statistics count. */
  public ViewExample countingOtherRows() {
    showsRowsByRows = false;
    return this;
  }

  private static Map<String, String> map(String... namesAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }

  static ObjectNode members(String json) {
    try {
      return (ObjectNode) MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a definition is no JSON: " + json, e);
    }
  }

  ObjectNode members() {
    return members(text);
  }

  ViewDefinition definition(String type) {
    return definition(type, members());
  }

  ViewDefinition definition(String type, ObjectNode members) {
    return new ViewDefinition(BUCKET, NAME, type, from, members);
  }

  List<Question> questions() {
    return questions;
  }

  List<BadQuestion> badQuestions() {
    return badQuestions;
  }

  @Nullable List<Question> ranged() {
    return ranged;
  }

  Body document(Random random, Function<Random, Body> unlessSaid) {
    Function<Random, Body> made = documents;
    return made == null ? unlessSaid.apply(random) : made.apply(random);
  }

  @Nullable Body failing() {
    return failing == null ? null : Body.parse(failing);
  }

  boolean findsFailed() {
    return findsFailed;
  }

  boolean showsRowsByRows() {
    return showsRowsByRows;
  }

  /** The definition. */
  @Override
  public String toString() {
    return text;
  }
}
