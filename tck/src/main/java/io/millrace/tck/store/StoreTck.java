package io.millrace.tck.store;

import io.millrace.api.store.Store;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.TemporaryFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract of a store. Extend it, supply the fixture, and every test here is yours:
 *
 * <pre>{@code
 * final class RocksdbStoreContractTest extends StoreTck {
 *   @Override
 *   protected StoreFixture fixture(Path folder) {
 *     return new ProviderStoreFixture("rocksdb", Map.of(), folder);
 *   }
 * }
 * }</pre>
 *
 * <p>Random tests take their seed from the system property {@code millrace.test.seed}, or make one
 * and name it when they fail.
 */
@ExtendWith(NothingLeftBehind.class)
public abstract class StoreTck {
  private final List<Store> opened = new ArrayList<>();
  private @Nullable TemporaryFolder work;
  private @Nullable StoreFixture fixture;

  /**
   * A new fixture.
   *
   * @param folder for whatever it keeps; its parent exists, it does not
   */
  protected abstract StoreFixture fixture(Path folder);

  @BeforeEach
  final void makeFixture() {
    work = TemporaryFolder.create();
    fixture = fixture(work.path().resolve("store"));
  }

  @AfterEach
  final void cleanUp() {
    try {
      opened.forEach(Store::close);
      fixture().close();
    } finally {
      Objects.requireNonNull(work).close();
    }
  }

  final StoreFixture fixture() {
    return Objects.requireNonNull(fixture);
  }

  /** A folder for the test's own files. */
  final Path work() {
    return Objects.requireNonNull(work).path();
  }

  final Store open() {
    return closedLater(fixture().open());
  }

  final Store closedLater(Store store) {
    opened.add(store);
    return store;
  }

  /** One key at a time. */
  @Nested
  final class Points extends PointTests {
    Points() {
      super(StoreTck.this);
    }
  }

  /** Walks over keys, both ways. */
  @Nested
  final class Ranges extends RangeTests {
    Ranges() {
      super(StoreTck.this);
    }
  }

  /** Changes made together are seen together. */
  @Nested
  final class Batches extends BatchTests {
    Batches() {
      super(StoreTck.this);
    }
  }

  /** Many keyspaces beside each other, and their end. */
  @Nested
  final class Keyspaces extends KeyspaceTests {
    Keyspaces() {
      super(StoreTck.this);
    }
  }

  /** What was begun sees nothing of what comes later. */
  @Nested
  final class Isolation extends IsolationTests {
    Isolation() {
      super(StoreTck.this);
    }
  }

  /** A closed store refuses, and disturbs nobody. */
  @Nested
  final class Lifecycle extends LifecycleTests {
    Lifecycle() {
      super(StoreTck.this);
    }
  }

  /** What is there when a store is opened again. */
  @Nested
  final class Durability extends DurabilityTests {
    Durability() {
      super(StoreTck.this);
    }
  }
}
