package io.millrace.view.js;

import static io.millrace.view.js.JsFixture.put;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SandboxTest {
  private final JsFixture fixture = new JsFixture();

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Java.type('java.lang.System')",
        "java.lang.System.exit(1)",
        "Packages.java.lang.System",
        "Polyglot.eval('js', '1')",
        "Polyglot.import('x')",
        "Graal.versionJS",
        "load('/etc/passwd')",
        "read('/etc/passwd')",
        "require('fs')",
        "print('x')",
        "console.log('x')",
        "process.env",
        "eval('1')",
        "(0, globalThis.eval)('1')",
        "new Function('return 1')()",
        "(() => 1).constructor('return this')()",
        "(function*(){}).constructor('yield 1')()",
        "(async () => 1).constructor('return 1')()",
        "(async function*(){}).constructor('return 1')()",
        "Reflect.construct((() => 1).constructor, ['return 1'])()",
        "emit.constructor('return globalThis')()",
        "arguments.callee",
        "(function f() { return f.caller })()",
        "emit.caller",
        "new Proxy({}, {})",
        "new Uint8Array(1)",
        "new ArrayBuffer(1)",
        "new SharedArrayBuffer(1)",
        "Atomics.load",
        "new WeakRef({})",
        "new FinalizationRegistry(() => 1)",
        "new BigInt(1)",
        "Promise.resolve(1)",
        "setTimeout(() => 1)",
        "queueMicrotask(() => 1)",
        "performance.now()",
        "Intl.Collator()",
        "escape('a')",
        "Temporal.Now",
        "structuredClone({})",
        "WebAssembly.validate",
        "new ShadowRealm()",
        "Date.now()",
        "new Date()",
        "Date()",
        "Reflect.construct(Date, [])",
        "new (class extends Date {})()",
        "new (new Date(0).constructor)()",
        "Math.random()",
        "'a'.localeCompare('b')",
        "(1).toLocaleString()",
        "new Date(0).toLocaleString()",
        "[1].toLocaleString()",
        "globalThis.leak = 1",
        "leak = 1",
        "Object.prototype.leak = 1",
        "Array.prototype.leak = 1",
        "Array.prototype[0] = 1",
        "[].constructor.leak = 1",
        "({}).__proto__.leak = 1",
        "(function*(){}).prototype.__proto__.__proto__.leak = 1",
        "Object.getPrototypeOf(async function(){}).leak = 1",
        "Object.getPrototypeOf([].values()).leak = 1",
        "(async () => 1)().constructor.leak = 1",
        "(async () => 1)().__proto__.then = 1",
        "Math.leak = 1",
        "JSON.parse = () => 1",
        "Object.setPrototypeOf(Object.prototype, {leak: 1})",
        "Object.defineProperty(Array, 'leak', {value: 1})",
        "Object.prototype.toString = () => 1",
        "Error.stackTraceLimit = 1",
        "Error.prototype.message = 1",
        "delete Object.prototype.toString",
      })
  void whatIsNotOfTheDocumentIsRefused(String expression) {
    assertThat(
            fixture.errorOf(
                "function(doc){ const got = " + expression + "; return ['got', typeof got] }"))
        .isNotEmpty();
  }

  @Test
  void importLeadsNowhere() {
    assertThat(fixture.rowsOf("doc => { import('fs').then(m => emit(1, 2)); }")).isEmpty();
    assertThat(fixture.rowsOf("doc => typeof import('fs').constructor.resolve"))
        .containsExactly("\"d\"=\"function\"");
  }

  @Test
  void thereIsNoThisOutside() {
    assertThat(fixture.rowsOf("function(doc){ return typeof this }"))
        .containsExactly("\"d\"=\"undefined\"");
    assertThat(fixture.rowsOf("doc => typeof this")).containsExactly("\"d\"=\"undefined\"");
  }

  @Test
  void onlyWhatIsListedIsGlobal() {
    assertThat(fixture.rowsOf("doc => Object.getOwnPropertyNames(globalThis).length < 45"))
        .containsExactly("\"d\"=true");
    assertThat(
            fixture.rowsOf(
                "doc => Object.getOwnPropertyNames(globalThis)"
                    + ".filter(name => !Object.isFrozen(globalThis[name]))"))
        .containsExactly("\"d\"=[]");
  }

  @Test
  void everythingReachableIsFrozen() {
    String map =
        """
        function(doc) {
          const seen = new Set(), open = [], waiting = [globalThis, [].values(), function*(){},
            async () => 1, async function*(){}, (async () => 1)(), 'a'.matchAll(/a/g), new Map().keys()];
          const own = new Set(waiting.slice(1));
          while (waiting.length) {
            const thing = waiting.pop();
            if (thing === null || !/object|function/.test(typeof thing) || seen.has(thing)) continue;
            seen.add(thing);
            if (!own.has(thing) && !Object.isFrozen(thing)) open.push(String(thing.name));
            waiting.push(Object.getPrototypeOf(thing));
            if (own.has(thing)) continue;
            for (const name of Reflect.ownKeys(thing)) {
              const p = Object.getOwnPropertyDescriptor(thing, name);
              waiting.push(p.value, p.get, p.set);
            }
          }
          return [seen.size > 300, open];
        }
        """;
    assertThat(fixture.rowsOf(map)).containsExactly("\"d\"=[true,[]]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(() => { let n = 0; return doc => ++n })()",
        "(() => { const seen = []; return doc => { seen.push(doc.id); return seen } })()",
        "function f(doc){ f.n = (f.n || 0) + 1; return f.n }",
        "(() => { const m = new WeakMap(); const tag = s => s;"
            + " return doc => { const t = tag`x`; const n = (m.get(t) || 0) + 1;"
            + " m.set(t, n); return n } })()",
        "doc => { const r = /a/g; r.test('aa'); return r.lastIndex }",
        "doc => { /(.)/.test(doc.id); return RegExp.$1 }",
        "doc => RegExp.$1 + RegExp.lastMatch",
        "doc => { try { Object.prototype.n = doc.id } catch (e) {} return ({}).n }",
        "doc => { try { globalThis.n = doc.id } catch (e) {} return typeof n }",
        "doc => { try { Array.n = 1 } catch (e) {} return Array.n }",
        "doc => Symbol.keyFor(Symbol.for('x'))",
        "doc => new Date(2020, 0, 1, 12).toString() + new Date('2020-01-01T00:00').getTime()",
        "doc => new Error('x').stack",
        "doc => { const f = () => f(); try { f() } catch (e) { return 'caught' } }",
        "doc => [3, 1, 2].sort(() => 0).join() + Object.keys({b: 1, a: 2, 1: 3})",
      })
  void everyDocumentStartsAnew(String map) {
    JsFixture.Built together = fixture.view(map);
    together.apply(put("a", "{}"), put("b", "{}"), put("c", "{}"), put("a2", "{}"));
    JsFixture.Built apart = fixture.view(map);
    for (String id : List.of("c", "b", "a2", "a")) {
      apart.apply(put(id, "{}"));
    }
    assertThat(together.everything()).isEqualTo(apart.everything());
  }

  @Test
  void nothingIsCarriedFromOneDocumentToTheNext() {
    JsFixture.Built view = fixture.view("(() => { let n = 0; return doc => ++n })()");
    view.apply(put("a", "{}"), put("b", "{}"));
    assertThat(view.rows()).containsExactly("\"a\"=1", "\"b\"=1");
  }

  @Test
  void emitEndsWithItsDocument() {
    JsFixture.Built view =
        fixture.view(
            "doc => { if (doc.id === 'a') (async () => { await 1; emit('late', 1) })();"
                + " emit(doc.id, 1) }");
    view.apply(put("a", "{}"), put("b", "{}"));
    assertThat(view.rows()).containsExactly("a \"a\"=1", "b \"b\"=1");
    assertThat(view.errors()).isEmpty();
  }

  @Test
  void theUsualLanguageWorks() {
    assertThat(
            fixture.rowsOf(
                """
                function(doc) {
                  const { list, ...rest } = doc;
                  const g = function*() { yield* list };
                  class Point { #x; constructor(x) { this.#x = x } get x() { return this.#x } }
                  const groups = new Map([...g()].map(x => [x, new Point(x).x ?? 0]));
                  return [[...groups.values()].flatMap(x => [x, x]), Object.keys(rest).length,
                    'aXb'.replace(/x/i, m => m.toLowerCase()), [3, 1, 2].sort((a, b) => a - b),
                    Array.from({length: 2}, (_, i) => i), Math.max(...list), list.indexOf(2),
                    (function() { return Array.prototype.slice.call(arguments, 1) })(1, 2),
                    new Set([1, 1]).size, `${list}`, JSON.stringify({a: [1]}, null, 0),
                    parseInt('12px'), [[1, [2]]].flat(Infinity), Math.max.apply(null, [1, 5])];
                }
                """,
                "{\"list\":[1,2]}"))
        .containsExactly(
            "\"d\"=[[1,1,2,2],2,\"axb\",[1,2,3],[0,1],2,1,[2],1,\"1,2\",\"{\\\"a\\\":[1]}\","
                + "12,[1,2],5]");
  }
}
