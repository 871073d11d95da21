package io.millrace.engine.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.Modules;
import io.millrace.spi.Provider;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * All view modules keep the contract on all stores. Their own tests are on the memory store alone,
 * with more definitions.
 */
final class EveryViewOnEveryStoreTest {
  private static final ClassLoader LOADER = EveryViewOnEveryStoreTest.class.getClassLoader();

  private static List<String> names(Modules<?> modules) {
    return List.copyOf(new TreeSet<>(modules.all().stream().map(Provider::name).toList()));
  }

  @Test
  void everyModuleIsLookedAt() {
    assertThat(names(Modules.find("view", ViewProvider.class, LOADER)))
        .contains("index", "js", "query", "reduce");
    assertThat(names(Modules.find("store", StoreProvider.class, LOADER)))
        .contains("leveldb", "memory", "rocksdb", "xodus");
  }

  /** Views of one type in one store. */
  private abstract static class OnStore extends ViewTck {
    private final String type;
    private final String store;

    OnStore(String type, String store) {
      this.type = type;
      this.store = store;
    }

    @Override
    protected ViewProvider provider() {
      return Modules.find("view", ViewProvider.class, LOADER).named(type);
    }

    @Override
    protected String store() {
      return store;
    }
  }

  private abstract static class Indexes extends OnStore {
    Indexes(String store) {
      super("index", store);
    }

    @Override
    protected List<ViewExample> examples() {
      return List.of(
          ViewExample.of("{\"key\":[\"d.*\",\"a\"],\"value\":\"b\",\"missing\":\"null\"}")
              .asking("count", "prefix", "[\"a\"]")
              .asking("rows", "start", "[1]", "reverse", "true"));
    }
  }

  private abstract static class JavaScript extends OnStore {
    JavaScript(String store) {
      super("js", store);
    }

    @Override
    protected List<ViewExample> examples() {
      return List.of(
          ViewExample.of(
                  "{\"map\":\"function(doc){ emit([doc.a, doc.b], doc.d.length) }\","
                      + "\"reduce\":\"count\"}")
              .asking("rows", "group", "true")
              .asking("rows", "level", "1", "start", "[\"a\"]")
              .ranging("rows", "reduce", "false")
              .countingOtherRows()
              .failing("{\"d\":null}"));
    }
  }

  private abstract static class Queries extends OnStore {
    Queries(String store) {
      super("query", store);
    }

    @Override
    protected List<ViewExample> examples() {
      return List.of(
          ViewExample.of("{\"indexes\":[{\"name\":\"ab\",\"key\":[\"a\",\"b\"]}]}")
              .asking("read", "query", "[{\"$filter\":{\"a\":1,\"b\":{\"$gte\":0}}}]")
              .asking("read", "query", "[{\"$filter\":{\"c\":1}},{\"$sort\":[[\"a\"]]}]")
              .countingOtherRows());
    }
  }

  private abstract static class Reductions extends OnStore {
    Reductions(String store) {
      super("reduce", store);
    }

    @Override
    protected List<ViewExample> examples() {
      return List.of(
          ViewExample.of(
                  "{\"group\":\"a\",\"aggregates\":{\"n\":\"count\",\"few\":{\"distinct\":\"b\"},"
                      + "\"list\":{\"collect\":\"c\"}}}")
              .asking("get", "key", "1"),
          ViewExample.of("{\"fold\":\"(acc, change) => acc + 1\",\"initial\":0}").asking("get"));
    }
  }

  @Nested
  final class IndexesOnLeveldb extends Indexes {
    IndexesOnLeveldb() {
      super("leveldb");
    }
  }

  @Nested
  final class IndexesOnRocksdb extends Indexes {
    IndexesOnRocksdb() {
      super("rocksdb");
    }
  }

  @Nested
  final class IndexesOnXodus extends Indexes {
    IndexesOnXodus() {
      super("xodus");
    }
  }

  @Nested
  final class JavaScriptOnLeveldb extends JavaScript {
    JavaScriptOnLeveldb() {
      super("leveldb");
    }
  }

  @Nested
  final class JavaScriptOnRocksdb extends JavaScript {
    JavaScriptOnRocksdb() {
      super("rocksdb");
    }
  }

  @Nested
  final class JavaScriptOnXodus extends JavaScript {
    JavaScriptOnXodus() {
      super("xodus");
    }
  }

  @Nested
  final class QueriesOnLeveldb extends Queries {
    QueriesOnLeveldb() {
      super("leveldb");
    }
  }

  @Nested
  final class QueriesOnRocksdb extends Queries {
    QueriesOnRocksdb() {
      super("rocksdb");
    }
  }

  @Nested
  final class QueriesOnXodus extends Queries {
    QueriesOnXodus() {
      super("xodus");
    }
  }

  @Nested
  final class ReductionsOnLeveldb extends Reductions {
    ReductionsOnLeveldb() {
      super("leveldb");
    }
  }

  @Nested
  final class ReductionsOnRocksdb extends Reductions {
    ReductionsOnRocksdb() {
      super("rocksdb");
    }
  }

  @Nested
  final class ReductionsOnXodus extends Reductions {
    ReductionsOnXodus() {
      super("xodus");
    }
  }
}
