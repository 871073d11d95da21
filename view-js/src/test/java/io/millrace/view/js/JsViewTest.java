package io.millrace.view.js;

import static io.millrace.view.js.JsFixture.delete;
import static io.millrace.view.js.JsFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Change;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.ViewInput;
import io.millrace.tck.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JsViewTest {
  private final JsFixture fixture = new JsFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  @Test
  void aMapThatReturnsGivesOneRowKeyedByTheDocument() {
    JsFixture.Built view = fixture.view("function(doc){ return doc.name }");
    view.apply(
        put("d1", "{\"name\":\"Sam\"}"), put("d2", "{\"name\":3}"), put("d3", "{\"other\":1}"));
    assertThat(view.rows()).containsExactly("\"d2\"=3", "\"d1\"=\"Sam\"");
    assertThat(view.rows(Map.of("term", "\"Sam\""))).containsExactly("\"d1\"=\"Sam\"");
    assertThat(view.rows(Map.of("prefix", "\"S\""))).containsExactly("\"d1\"=\"Sam\"");
    assertThat(view.rows(Map.of("start", "1", "end", "4"))).containsExactly("\"d2\"=3");
    assertThat(view.count(Map.of())).isEqualTo(2);
    assertThat(view.view.input()).isEqualTo(ViewInput.DOCUMENTS);
  }

  @Test
  void aMapThatEmitsGivesRowsInKeyOrder() {
    JsFixture.Built view =
        fixture.view("doc => doc.tags.forEach((tag, i) => emit([tag, i], doc.id))");
    view.apply(put("a", "{\"tags\":[\"y\",\"x\"]}"), put("b", "{\"tags\":[\"x\"]}"));
    assertThat(view.rows())
        .containsExactly("b [\"x\",0]=\"b\"", "a [\"x\",1]=\"a\"", "a [\"y\",0]=\"a\"");
    assertThat(view.rows(Map.of("prefix", "[\"x\"]"))).hasSize(2);
    assertThat(view.rows(Map.of("keys", "[[\"y\",0]]"))).containsExactly("a [\"y\",0]=\"a\"");
    assertThat(view.count(Map.of("term", "[\"x\",0]"))).isEqualTo(1);
  }

  @Test
  void whatAnEmittingMapReturnsIsIgnored() {
    assertThat(fixture.rowsOf("doc => { emit(1, 2); return 3 }")).containsExactly("d 1=2");
    assertThat(fixture.rowsOf("doc => { if (doc.none) emit(1); return 3 }")).isEmpty();
  }

  @Test
  void emitIsAlsoTheSecondArgument() {
    assertThat(fixture.rowsOf("function(doc, send){ send(1, 2) }")).containsExactly("d 1=2");
    assertThat(fixture.rowsOf("function(doc, send){ return 5 }")).containsExactly("\"d\"=5");
    assertThat(fixture.rowsOf("function(doc){ arguments[1](1, 2); return 3 }"))
        .containsExactly("d 1=2");
  }

  @Test
  void missingKeysAndValuesAreNull() {
    assertThat(fixture.rowsOf("doc => { emit(); emit(undefined, () => 1); emit(Symbol.iterator) }"))
        .containsExactly("d null=null", "d null=null", "d null=null");
  }

  @Test
  void theDocumentCarriesItsIdAndRevision() {
    assertThat(fixture.rowsOf("doc => doc", "{\"a\":1}"))
        .containsExactly(
            "\"d\"={\"id\":\"d\",\"rev\":\"1-00000000000000020000000000000003\",\"a\":1}");
    JsFixture.Built view = fixture.view("doc => doc.id");
    view.apply(put("a\"\\/é😀", "{}"));
    assertThat(view.rows()).containsExactly("\"a\\\"\\\\/é😀\"=\"a\\\"\\\\/é😀\"");
  }

  @Test
  void anUpdateReplacesAndADeletionRemoves() {
    JsFixture.Built view = fixture.view("doc => doc.tags.forEach(tag => emit(tag, 1))");
    view.apply(put("a", "{\"tags\":[1,2]}"), put("b", "{\"tags\":[1]}"));
    view.apply(put("a", "{\"tags\":[2,3]}"));
    assertThat(view.rows()).containsExactly("b 1=1", "a 2=1", "a 3=1");
    view.apply(delete("a"), delete("never"));
    assertThat(view.rows()).containsExactly("b 1=1");
    assertThat(view.view.statistics(fixture.store).rows()).isEqualTo(1);
  }

  @Test
  void aDocumentThatThrowsIsListedWithItsPlaceAndStopsNothing() {
    JsFixture.Built view =
        fixture.view("function(doc) {\n  emit(1, doc.id);\n  return doc.a.b;\n}");
    view.apply(put("bad", "{}"), put("good", "{\"a\":{\"b\":1}}"));
    assertThat(view.rows()).containsExactly("good 1=\"good\"");
    assertThat(view.errors()).hasSize(1);
    DocumentError error = view.errors().get(0);
    assertThat(error.id()).isEqualTo("bad");
    assertThat(error.message()).startsWith("TypeError").contains("(line 3, column");
    view.apply(put("bad", "{\"a\":{}}"));
    assertThat(view.errors()).isEmpty();
    assertThat(view.rows()).hasSize(2);
  }

  @Test
  void anythingCanBeThrown() {
    assertThat(fixture.errorOf("doc => { throw 'word' }")).isEqualTo("threw word");
    assertThat(fixture.errorOf("doc => { throw {a:1} }")).isEqualTo("threw {\"a\":1}");
    assertThat(fixture.errorOf("doc => { throw undefined }")).isEqualTo("threw undefined");
    assertThat(fixture.errorOf("doc => { throw {toJSON() { throw 1 }} }")).startsWith("threw");
    assertThat(fixture.errorOf("doc => { const e = new Error('x'); e.stack = {}; throw e }"))
        .isEqualTo("Error: x");
    assertThat(fixture.errorOf("doc => { throw new Error('é'.repeat(5000)) }")).hasSize(1000);
    assertThat(
            fixture.errorOf(
                "doc => { const e = new Error('x');"
                    + " Object.defineProperty(e, 'message', {get() { throw 1 }}); throw e }"))
        .startsWith("threw");
  }

  @Test
  void onlyWhatJsonCanSayBecomesARow() {
    assertThat(fixture.rowsOf("doc => undefined")).isEmpty();
    assertThat(fixture.rowsOf("doc => () => 1")).isEmpty();
    assertThat(fixture.rowsOf("doc => Symbol.iterator")).isEmpty();
    assertThat(fixture.rowsOf("doc => NaN")).containsExactly("\"d\"=null");
    assertThat(fixture.rowsOf("doc => -0")).containsExactly("\"d\"=0");
    assertThat(fixture.rowsOf("doc => null")).containsExactly("\"d\"=null");
    assertThat(fixture.rowsOf("doc => [undefined, () => 1, 1/0]"))
        .containsExactly("\"d\"=[null,null,null]");
    assertThat(fixture.rowsOf("doc => new Date(0)"))
        .containsExactly("\"d\"=\"1970-01-01T00:00:00.000Z\"");
    assertThat(fixture.rowsOf("doc => ({toJSON() { return 7 }})")).containsExactly("\"d\"=7");
    assertThat(fixture.errorOf("doc => { const a = []; a.push(a); return a }"))
        .startsWith("TypeError");
    assertThat(fixture.errorOf("async doc => 1")).contains("promise");
    assertThat(fixture.errorOf("doc => ({toJSON() { throw new Error('trap') }})"))
        .startsWith("Error: trap");
  }

  @Test
  void aSurrogateWithoutPartnerStaysAnEscape() {
    JsFixture.Built view = fixture.view("doc => '\\ud800' + doc.id");
    view.apply(put("d", "{}"));
    assertThat(view.rows()).containsExactly("\"d\"=\"\\ud800d\"");
    assertThat(view.rows(Map.of("term", "\"\\ud800d\""))).hasSize(1);
    assertThat(view.rows(Map.of("prefix", "\"\\ud800\""))).hasSize(1);
  }

  @Test
  void membersWithTheNamesOfBuiltInsAreOrdinary() {
    assertThat(
            fixture.rowsOf(
                "doc => [doc.constructor, doc.toString, doc['__proto__'], doc.hasOwnProperty]",
                "{\"constructor\":1,\"toString\":2,\"__proto__\":{\"x\":3},\"hasOwnProperty\":4}"))
        .containsExactly("\"d\"=[1,2,{\"x\":3},4]");
    assertThat(
            fixture.rowsOf(
                "doc => { const n = {}; for (const w of doc.words) n[w] = 1; return n }",
                "{\"words\":[\"constructor\",\"valueOf\",\"a\"]}"))
        .containsExactly("\"d\"={\"constructor\":1,\"valueOf\":1,\"a\":1}");
    assertThat(
            fixture.rowsOf(
                "doc => { class Mine extends Error {"
                    + " constructor() { super('m'); this.name = 'Mine' } }"
                    + " return new Mine().name }"))
        .containsExactly("\"d\"=\"Mine\"");
    assertThat(fixture.rowsOf("doc => doc.x", "{\"x\":{\"toJSON\":1}}"))
        .containsExactly("\"d\"={\"toJSON\":1}");
  }

  @Test
  void aKeyThatCannotBeIndexedIsAnErrorOfItsDocument() {
    JsFixture.Built view = fixture.view("doc => emit('x'.repeat(doc.n), 1)");
    view.apply(put("long", "{\"n\":70000}"), put("short", "{\"n\":3}"));
    assertThat(view.rows()).containsExactly("short \"xxx\"=1");
    assertThat(view.errors().get(0).message()).contains("65000 bytes");
  }

  @Test
  void freshAndNotFreshAndAnySplitGiveTheSameKeyspace() {
    Seed seed = Seed.next();
    Random random = seed.random();
    String map =
        "doc => { if (doc.n % 7 === 3) throw new Error('seven'); "
            + "if (doc.n % 5 === 2) while (doc.n === 102) {} "
            + "for (let i = 0; i < doc.n % 4; i++) emit(doc.n % 10 + i, {i, id: doc.id}) }";
    Map<String, Change> documents = new TreeMap<>();
    for (int i = 0; i < 400; i++) {
      documents.put("d" + i, put("d" + i, "{\"n\":" + random.nextInt(200) + "}"));
    }
    List<Change> all = List.copyOf(documents.values());
    JsFixture.Built fresh = fixture.view(map);
    fresh.apply(true, all);
    JsFixture.Built split = fixture.view(map);
    List<Change> batch = new ArrayList<>();
    for (Change change : all) {
      batch.add(change);
      if (random.nextInt(30) == 0) {
        split.apply(false, batch);
        batch = new ArrayList<>();
      }
    }
    split.apply(false, batch);
    split.apply(false, all.subList(100, 200));
    assertThat(split.everything()).as("%s", seed).isEqualTo(fresh.everything());
    assertThat(fresh.rows()).isNotEmpty();
    assertThat(fresh.errors()).isNotEmpty();
  }

  @Test
  void manyViewsShareTheThreads() {
    for (int i = 0; i < 150; i++) {
      assertThat(fixture.rowsOf("doc => " + i)).containsExactly("\"d\"=" + i);
    }
  }
}
