package io.millrace.tck.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.millrace.api.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The kit accepts a right store and refuses wrong ones. */
final class StoreTckSelfTest {
  private static final String FLAW = "millrace.test.flaw";

  @Test
  void rightStorePasses() {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Subject.class))
            .execute()
            .testEvents();
    assertThat(tests.failed().list()).isEmpty();
    assertThat(tests.skipped().list()).isEmpty();
    assertThat(tests.succeeded().count()).isGreaterThan(40);
  }

  @ParameterizedTest
  @EnumSource
  void wrongStoreFails(Flaw flaw) {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .configurationParameter(FLAW, flaw.name())
            .selectors(selectNestedClass(List.of(Subject.class), flaw.noticedBy()))
            .execute()
            .testEvents();
    assertThat(tests.started().count()).isPositive();
    assertThat(tests.failed().count()).isPositive();
  }

  /** Not found by the build itself, since it is nested; run by the tests above. */
  @ExtendWith(FlawFromConfiguration.class)
  static final class Subject extends StoreTck {
    private final Optional<Flaw> flaw;

    Subject(Optional<Flaw> flaw) {
      this.flaw = flaw;
    }

    @Override
    protected StoreFixture fixture(Path folder) {
      return new ReferenceFixture(flaw.orElse(null));
    }
  }

  static final class FlawFromConfiguration implements ParameterResolver {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
      return parameter.getParameter().getType() == Optional.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
      return context.getConfigurationParameter(FLAW).map(Flaw::valueOf);
    }
  }

  private static final class ReferenceFixture implements StoreFixture {
    private final @Nullable Flaw flaw;
    private ReferenceStore.Rows disk = new ReferenceStore.Rows();
    private @Nullable ReferenceStore last;

    ReferenceFixture(@Nullable Flaw flaw) {
      this.flaw = flaw;
    }

    @Override
    public Store open() {
      return openReference();
    }

    private ReferenceStore openReference() {
      last = new ReferenceStore(flaw, disk, rows -> disk = rows);
      return last;
    }

    @Override
    public Store openCheckpoint(Path folder) {
      return new ReferenceStore(flaw, Objects.requireNonNull(last).checkpointed(), rows -> {});
    }

    @Override
    public void crash(StoreWorkload workload) {
      ReferenceStore store = openReference();
      store.beginForgetting();
      workload.run(store, () -> {}); // and forget it
    }
  }
}
