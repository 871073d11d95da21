package io.millrace.tck.view;

import io.millrace.api.document.Body;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import io.millrace.tck.TemporaryFolder;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract of a view. Extend it, supply the provider and a few definitions with questions, and
 * every test here is yours:
 *
 * <pre>{@code
 * final class WordsTckTest extends ViewTck {
 *   @Override
 *   protected ViewProvider provider() {
 *     return new WordsProvider();
 *   }
 *
 *   @Override
 *   protected List<ViewExample> examples() {
 *     return List.of(
 *         ViewExample.of("{\"field\":\"title\"}").asking("search", "words", "third man"));
 *   }
 * }
 * }</pre>
 *
 * <p>The kit stands in for the engine: it gives the views random changes in portions of any size,
 * lets them settle, gives up batches and opens the views again whenever it likes. What then lies in
 * the keyspace, and what the questions are answered with, depends on the changes alone.
 *
 * <p>The store called {@code memory} has to be on the class path, and the one that {@link #store()}
 * names. Random tests take their seed from the system property {@code millrace.test.seed}, or make
 * one and name it when they fail; {@code millrace.test.thorough} makes them longer.
 */
@ExtendWith(NothingLeftBehind.class)
public abstract class ViewTck {
  /** The store that needs no disk. */
  static final String MEMORY = "memory";

  private final Seed seed = Seed.next();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable TemporaryFolder work;

  /** For extension. */
  protected ViewTck() {}

  /** A new provider of the module under test. */
  protected abstract ViewProvider provider();

  /** The definitions that are tried, at least one; made anew at each call. */
  protected abstract List<ViewExample> examples();

  /**
   * Definitions that must be refused, as JSON objects. The kit adds some of its own: those of the
   * examples with a member that nobody knows.
   */
  protected List<String> refused() {
    return List.of();
  }

  /** The settings of the module, as an operator would write them. */
  protected Map<String, String> settings() {
    return Map.of();
  }

  /** A random document, for examples that say nothing else. */
  protected Body document(Random random) {
    return RandomBodies.next(random);
  }

  /** The name of the store that the views are kept in. */
  protected String store() {
    return MEMORY;
  }

  /** An open store without anything in it. */
  Store openStore(String name, Path folder) {
    StoreProvider found =
        Modules.find("store", StoreProvider.class, getClass().getClassLoader()).named(name);
    Clock clock = Clock.fixed(Instant.EPOCH, ZoneOffset.UTC);
    return found.open(
        Settings.defaults(found.settings()),
        new ModuleContext(folder, clock, new Random(1), Meters.none()));
  }

  @BeforeEach
  final void makeFolder() {
    work = TemporaryFolder.create();
  }

  @AfterEach
  final void cleanUp() throws Exception {
    try {
      for (int i = opened.size() - 1; i >= 0; i--) {
        opened.get(i).close();
      }
    } finally {
      Objects.requireNonNull(work).close();
    }
  }

  /** What stands in for the engine, on the store under test. */
  final ViewHost host() {
    return host(store(), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), new Random(1));
  }

  final ViewHost host(String store, Clock clock, Random random) {
    Path folder = Objects.requireNonNull(work).path().resolve("host" + opened.size());
    ViewHost host = ViewHost.open(this, openStore(store, folder), folder, clock, random);
    opened.add(host);
    return host;
  }

  final Seed seed() {
    return seed;
  }

  /** What is asked of definitions, and of a module as a whole. */
  @Nested
  final class Definitions extends DefinitionTests {
    Definitions() {
      super(ViewTck.this);
    }
  }

  /** The same changes make the same keyspace, however they arrive. */
  @Nested
  final class Rebuilding extends RebuildingTests {
    Rebuilding() {
      super(ViewTck.this);
    }
  }

  /** The rows depend on the data alone. */
  @Nested
  final class Determinism extends DeterminismTests {
    Determinism() {
      super(ViewTck.this);
    }
  }

  /** What becomes of a document's rows. */
  @Nested
  final class Documents extends DocumentTests {
    Documents() {
      super(ViewTck.this);
    }
  }

  /** Documents that cannot be computed. */
  @Nested
  final class Errors extends ErrorTests {
    Errors() {
      super(ViewTck.this);
    }
  }

  /** Rows in order, in ranges and by pages. */
  @Nested
  final class Ranges extends RangeTests {
    Ranges() {
      super(ViewTck.this);
    }
  }

  /** The rows of documents that changed. */
  @Nested
  final class Following extends FollowingTests {
    Following() {
      super(ViewTck.this);
    }
  }

  /** Questions that make no sense. */
  @Nested
  final class Arguments extends ArgumentTests {
    Arguments() {
      super(ViewTck.this);
    }
  }

  /** Reading while the view goes on. */
  @Nested
  final class Reading extends ReadingTests {
    Reading() {
      super(ViewTck.this);
    }
  }

  /** Being closed in the middle of a batch. */
  @Nested
  final class Interruption extends InterruptionTests {
    Interruption() {
      super(ViewTck.this);
    }
  }
}
