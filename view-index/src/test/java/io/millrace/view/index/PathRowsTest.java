package io.millrace.view.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.api.document.Body;
import io.millrace.api.document.Revision;
import io.millrace.api.view.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class PathRowsTest {
  private static final Revision REVISION = new Revision(3, 1, 2);

  private static MemberPath path(String dotted) {
    return MemberPath.parse(TextNode.valueOf(dotted), "path");
  }

  private static PathRows.Shape keyed(String... paths) {
    List<MemberPath> key = Arrays.stream(paths).map(PathRowsTest::path).toList();
    return new PathRows.Shape(key, key.size() > 1, null, Map.of(), false);
  }

  private static PathRows.Shape withNulls(PathRows.Shape shape) {
    return new PathRows.Shape(shape.key(), shape.compound(), shape.value(), shape.members(), true);
  }

  private static PathRows.Shape valued(PathRows.Shape shape, String path) {
    return new PathRows.Shape(
        shape.key(), shape.compound(), path(path), Map.of(), shape.nullWhenMissing());
  }

  private static DocumentRows compute(PathRows.Shape shape, String document) {
    return new PathRows(shape).of("doc", REVISION, Body.parse(document));
  }

  /** The rows as texts such as {@code key=value}. */
  private static List<String> rows(PathRows.Shape shape, String document) {
    DocumentRows rows = compute(shape, document);
    assertThat(rows.error()).isNull();
    return texts(rows);
  }

  private static List<String> texts(DocumentRows rows) {
    return rows.rows().stream()
        .map(
            row ->
                RowLayout.row(RowLayout.rowKey(row.collated(), new byte[] {'d'}, 0), row.stored()))
        .map(PathRowsTest::text)
        .toList();
  }

  private static String text(Row row) {
    return IndexFixture.text(row).substring(2);
  }

  @Test
  void oneRowIsMadeOfTheValuesAtThePaths() {
    String document = "{\"a\":{\"b\":1.50},\"c\":\"x\",\"d\":[1,[2,3]]}";
    assertThat(rows(keyed("a.b"), document)).containsExactly("1.50=null");
    assertThat(rows(keyed("c", "a"), document)).containsExactly("[\"x\",{\"b\":1.50}]=null");
    assertThat(rows(valued(keyed("c"), "d.-1"), document)).containsExactly("\"x\"=[2,3]");
    assertThat(rows(keyed("id", "d.1.0"), document)).containsExactly("[\"doc\",2]=null");
    assertThat(rows(valued(keyed("c"), "rev"), document))
        .containsExactly("\"x\"=\"" + REVISION + '"');
    Map<String, MemberPath> members = new LinkedHashMap<>();
    members.put("z\"", path("c"));
    members.put("a", path("nothing"));
    assertThat(rows(new PathRows.Shape(List.of(path("c")), true, null, members, false), document))
        .containsExactly("[\"x\"]={\"z\\\"\":\"x\",\"a\":null}");
  }

  @Test
  void documentWithoutAValueHasNoRowOrANull() {
    assertThat(rows(keyed("a", "b"), "{\"a\":1}")).isEmpty();
    assertThat(rows(withNulls(keyed("a", "b")), "{\"a\":1}")).containsExactly("[1,null]=null");
    assertThat(rows(keyed("a"), "{\"a\":null}")).containsExactly("null=null");
    assertThat(rows(withNulls(keyed("a")), "{}")).containsExactly("null=null");
    assertThat(rows(valued(keyed("a"), "b"), "{\"a\":1}")).containsExactly("1=null");
  }

  @Test
  void wildcardGivesARowForEachElement() {
    String document = "{\"tags\":[\"b\",\"a\",\"b\",3],\"n\":7}";
    assertThat(rows(keyed("tags.*"), document))
        .containsExactly("\"b\"=null", "\"a\"=null", "3=null");
    assertThat(rows(valued(keyed("tags.*", "n"), "tags"), document)).hasSize(3);
    assertThat(rows(keyed("tags.*"), "{\"tags\":[]}")).isEmpty();
    assertThat(rows(keyed("tags.*"), "{\"tags\":{\"a\":1}}")).isEmpty();
    assertThat(rows(withNulls(keyed("tags.*", "n")), "{\"tags\":[],\"n\":1}"))
        .containsExactly("[null,1]=null");
  }

  @Test
  void wildcardsThatShareTheirBeginningWalkTogether() {
    String document =
        "{\"l\":[{\"s\":1,\"p\":10,\"q\":[5,6]},{\"p\":20,\"s\":2},{\"s\":3}],\"m\":[8,9]}";
    assertThat(rows(keyed("l.*.s", "l.*.p"), document))
        .containsExactly("[1,10]=null", "[2,20]=null");
    assertThat(rows(withNulls(keyed("l.*.s", "l.*.p")), document))
        .containsExactly("[1,10]=null", "[2,20]=null", "[3,null]=null");
    assertThat(rows(valued(keyed("l.*.s"), "l.*.p"), document))
        .containsExactly("1=10", "2=20", "3=null");
    assertThat(rows(keyed("l.*.s", "l.*.q.*"), document))
        .containsExactly("[1,5]=null", "[1,6]=null");
    assertThat(rows(keyed("l.*.p", "m.*"), document))
        .containsExactly("[10,8]=null", "[10,9]=null", "[20,8]=null", "[20,9]=null");
  }

  @Test
  void ofEqualKeysTheFirstIsKept() {
    String document = "{\"l\":[{\"k\":1,\"v\":\"first\"},{\"k\":1.0,\"v\":\"second\"}]}";
    assertThat(rows(valued(keyed("l.*.k"), "l.*.v"), document)).containsExactly("1=\"first\"");
  }

  @Test
  void namesAreComparedByWhatTheyMean() {
    String document = "{\"x\\u0061\":1,\"q\\\"\":{\"\\u20ac\":2},\"tail\\\\\":3,\"a\":4}";
    assertThat(rows(keyed("xa"), document)).containsExactly("1=null");
    assertThat(rows(keyed("q\".€"), document)).containsExactly("2=null");
    assertThat(rows(keyed("tail\\"), document)).containsExactly("3=null");
    assertThat(rows(keyed("a"), document)).containsExactly("4=null");
  }

  @Test
  void documentThatMakesTooMuchFails() {
    String thousand = numbers(PathRows.MOST_ROWS);
    assertThat(rows(keyed("a.*"), "{\"a\":" + thousand + "}")).hasSize(PathRows.MOST_ROWS);
    assertThat(compute(keyed("a.*"), "{\"a\":" + numbers(PathRows.MOST_ROWS + 1) + "}").error())
        .isEqualTo("the document has more than 1000 rows");
    // Many elements are no harm when few of them differ.
    assertThat(rows(keyed("a.*"), "{\"a\":[" + "1,".repeat(5_000) + "2]}")).hasSize(2);
    String ones = "[" + "1,".repeat(400) + "1]";
    assertThat(compute(keyed("a.*", "b.*"), "{\"a\":" + ones + ",\"b\":" + ones + "}").error())
        .isEqualTo("the document has more than 100000 combinations of elements");
    String many = "[" + "{},".repeat(20_000) + "{}]";
    assertThat(compute(keyed("a.*.x", "b.*.x"), "{\"a\":" + many + ",\"b\":" + many + "}").error())
        .isNull();
    assertThat(compute(keyed("a.*", "b.*.x"), "{\"a\":" + many + ",\"b\":" + many + "}").error())
        .isEqualTo("the document has too many elements to combine");
    String big = "{\"a\":" + numbers(100) + ",\"b\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(compute(valued(keyed("a.*"), "b"), big).error()).contains("16777216 bytes");
    assertThat(rows(valued(keyed("a.0"), "b"), big)).hasSize(1);
    String tooLong = "{\"a\":\"" + "x".repeat(JsonCollation.MAX_BYTES) + "\"}";
    assertThat(compute(keyed("a"), tooLong).error()).contains("65000 bytes");
    assertThat(compute(keyed("a"), tooLong).rows()).isEmpty();
  }

  private static String numbers(int count) {
    StringBuilder array = new StringBuilder("[0");
    for (int i = 1; i < count; i++) {
      array.append(',').append(i);
    }
    return array.append(']').toString();
  }

  @Test
  void oneShapeServesDocumentAfterDocument() {
    PathRows rows = new PathRows(valued(keyed("a.*"), "b"));
    assertThat(texts(rows.of("1", REVISION, Body.parse("{\"a\":[1,2],\"b\":3}"))))
        .containsExactly("1=3", "2=3");
    assertThat(texts(rows.of("2", REVISION, Body.parse("{}")))).isEmpty();
    assertThat(texts(rows.of("3", REVISION, Body.parse("{\"a\":[1]}")))).containsExactly("1=null");
  }

  @Test
  void randomDocumentsHaveTheRowsOfTheModel() {
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      PathRows.Shape shape = shape(random);
      PathRows rows = new PathRows(shape);
      RowsModel model = new RowsModel(shape);
      for (int j = 0; j < 20; j++) {
        String document = object(random, 4);
        JsonNode tree = JsonModel.read(document);
        Map<String, TreeSet<String>> expected = new TreeMap<>();
        for (JsonNode row : model.rows("doc", REVISION, tree)) {
          expected
              .computeIfAbsent(hex(JsonCollation.encode(row.get(0))), key -> new TreeSet<>())
              .add(row.get(1).toString());
        }
        DocumentRows actual =
            rows.of("doc", REVISION, Body.ofCheckedJson(JsonModel.utf8(document)));
        String about = "seed " + seed + ": " + shape + " of " + document;
        if (expected.size() <= PathRows.MOST_ROWS) {
          assertThat(actual.error()).as(about).isNull();
          assertThat(actual.rows().stream().map(row -> hex(row.collated())))
              .as(about)
              .containsExactlyInAnyOrderElementsOf(expected.keySet());
          for (IndexRow row : actual.rows()) {
            String value = text(row);
            assertThat(expected.get(hex(row.collated()))).as(about).contains(value);
          }
        }
      }
    }
  }

  private static String text(IndexRow row) {
    Row read = RowLayout.row(RowLayout.rowKey(row.collated(), new byte[] {'d'}, 0), row.stored());
    assertThat(JsonCollation.encode(read.key())).isEqualTo(row.collated());
    return JsonModel.read(new String(read.value(), StandardCharsets.UTF_8)).toString();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static PathRows.Shape shape(Random random) {
    List<MemberPath> key = new ArrayList<>();
    int paths = 1 + random.nextInt(3);
    for (int i = 0; i < paths; i++) {
      key.add(randomPath(random));
    }
    Map<String, MemberPath> members = new LinkedHashMap<>();
    for (int i = random.nextInt(6); i < 3; i++) {
      MemberPath path = randomPath(random);
      if (!path.hasWildcard() || key.stream().anyMatch(path::walksWith)) {
        members.put("m" + i, path);
      }
    }
    return new PathRows.Shape(
        key, paths > 1 || random.nextBoolean(), null, members, random.nextBoolean());
  }

  private static MemberPath randomPath(Random random) {
    if (random.nextInt(20) == 0) {
      return path(random.nextBoolean() ? "id" : "rev");
    }
    ArrayNode steps = JsonNodeFactory.instance.arrayNode();
    steps.add(NAMES[random.nextInt(NAMES.length)]);
    for (int i = random.nextInt(4); i > 0; i--) {
      switch (random.nextInt(4)) {
        case 0 -> steps.add(random.nextInt(5) - 2);
        case 1, 2 -> steps.add("*");
        default -> steps.add(NAMES[random.nextInt(NAMES.length)]);
      }
    }
    boolean dotted = random.nextBoolean();
    List<String> texts = new ArrayList<>();
    steps.forEach(step -> texts.add(step.asText()));
    return dotted ? path(String.join(".", texts)) : MemberPath.parse(steps, "path");
  }

  private static final String[] NAMES = {"a", "b", "é", "0"};
  private static final String[] WRITTEN = {"a", "\\u0061", "b", "é", "\\u00e9", "0", "aa", "\\\\"};
  private static final String[] LEAVES = {
    "1", "1.0", "-2e3", "null", "true", "\"\"", "\"a]\\\"}\"", "\"é\\\\\"", "[]", "{}"
  };

  private static String value(Random random, int depth) {
    int kind = depth == 0 ? 0 : random.nextInt(5);
    return kind == 0
        ? LEAVES[random.nextInt(LEAVES.length)]
        : kind < 3 ? array(random, depth) : object(random, depth);
  }

  private static String array(Random random, int depth) {
    List<String> elements = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      elements.add(value(random, depth - 1));
    }
    return "[" + String.join(",", elements) + "]";
  }

  private static String object(Random random, int depth) {
    Map<String, String> members = new LinkedHashMap<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      String name = WRITTEN[random.nextInt(WRITTEN.length)];
      members.putIfAbsent(
          JsonModel.read('"' + name + '"').textValue(),
          '"' + name + "\":" + value(random, depth - 1));
    }
    return "{" + String.join(",", members.values()) + "}";
  }
}
