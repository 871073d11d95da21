package io.millrace.view.js;

import static io.millrace.view.js.JsFixture.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Change;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.store.StoreBatch;
import io.millrace.api.view.ViewBatch;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Modules;
import io.millrace.spi.ViewProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class JsLifecycleTest {
  private static Set<Long> mapThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("millrace-js"))
        .map(Thread::getId)
        .collect(Collectors.toSet());
  }

  @Test
  void theProviderIsFoundByName() {
    assertThat(Modules.find("view", ViewProvider.class, getClass().getClassLoader()).named("js"))
        .isInstanceOf(JsViewProvider.class);
  }

  @Test
  void closingEndsTheThreads() {
    Set<Long> before = mapThreads();
    JsFixture fixture = new JsFixture(Map.of("threads", "3"));
    assertThat(fixture.rowsOf("doc => 1")).hasSize(1);
    assertThat(mapThreads()).hasSize(before.size() + 4);
    fixture.close();
    assertThat(mapThreads()).isSubsetOf(before);
    assertThatThrownBy(() -> fixture.factory.validate(JsFixture.definition("doc => 1")))
        .isInstanceOf(UnavailableException.class);
  }

  @Test
  void anInterruptedApplyGivesUpAndTheNextOneWorks() {
    try (JsFixture fixture = new JsFixture()) {
      JsFixture.Built view = fixture.view("doc => doc.id");
      List<Change> changes = List.of(put("a", "{}"), put("b", "{}"));
      try (StoreBatch batch = fixture.store.batch()) {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> view.view.apply(new ViewBatch(changes, true), batch))
            .isInstanceOf(InterruptedException.class);
      }
      assertThat(view.rows()).isEmpty();
      view.apply(true, changes);
      assertThat(view.rows()).hasSize(2);
    }
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> new JsFixture(Map.of("document-timeout", "1ms")))
        .isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(() -> new JsFixture(Map.of("document-memory", "1KiB")))
        .isInstanceOf(InvalidSettingException.class);
    assertThatThrownBy(() -> new JsFixture(Map.of("unknown", "1")))
        .isInstanceOf(InvalidSettingException.class);
  }
}
