package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedClass;

import io.millrace.api.document.Body;
import io.millrace.api.store.Store;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.store.ReferenceStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;

/** The kit accepts a right view and refuses wrong ones. */
final class ViewTckSelfTest {
  private static final String FLAW = "millrace.test.flaw";

  @Test
  void rightViewPasses() {
    Events tests =
        EngineTestKit.engine("junit-jupiter")
            .selectors(selectClass(Subject.class))
            .execute()
            .testEvents();
    assertThat(tests.failed().list()).isEmpty();
    assertThat(tests.skipped().list()).isEmpty();
    assertThat(tests.succeeded().count()).isGreaterThan(35);
  }

  @ParameterizedTest
  @EnumSource
  void wrongViewFails(Flaw flaw) {
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
  static final class Subject extends ViewTck {
    private final Optional<Flaw> flaw;

    Subject(Optional<Flaw> flaw) {
      this.flaw = flaw;
    }

    @Override
    protected ViewProvider provider() {
      return new PlainProvider(flaw.orElse(null));
    }

    @Override
    protected List<ViewExample> examples() {
      return List.of(
          ViewExample.of("{\"field\":\"a\"}")
              .documents(Subject::film)
              .asking("count")
              .asking("count", "start", "\"a\"")
              .asking("rows", "term", "\"Third man, the\"")
              .asking("rows", "limit", "3", "reverse", "true")
              .refusing("start", "count", "start", "\"b\"", "end", "\"a\"")
              .failing("{\"a\":\"\\u0000\"}"),
          ViewExample.of("{\"field\":\"b\"}"));
    }

    /** A document with several strings, mostly. */
    private static Body film(Random random) {
      List<String> strings = List.of("\"Third man, the\"", "\"i\"", "\"a\"", "\"ab\"", "\"\"", "7");
      List<String> some = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        some.add(strings.get(random.nextInt(strings.size())));
      }
      return Body.parse("{\"a\":" + (some.size() == 1 ? some.get(0) : some) + "}");
    }

    @Override
    protected List<String> refused() {
      return List.of("{}", "{\"field\":7}");
    }

    @Override
    Store openStore(String name, Path folder) {
      return ReferenceStore.empty();
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
}
