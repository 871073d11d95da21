package io.millrace.benchmarks.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.benchmarks.http.HttpOptions.Phase;
import org.junit.jupiter.api.Test;

class HttpOptionsTest {
  @Test
  void everythingIsMeasuredWhenNothingIsSaid() {
    HttpOptions options = HttpOptions.parse();
    assertThat(options.documents()).isEqualTo(1_000_000);
    assertThat(options.connections()).containsExactly(1, 8, 64);
    assertThat(options.phases()).containsExactly(Phase.values());
    assertThat(options.cases()).containsExactly("put", "get", "batch", "query", "activity");
  }

  @Test
  void laterOptionsOverrideQuick() {
    HttpOptions options = HttpOptions.parse("--quick", "--rounds", "3", "--only", "view,same");
    assertThat(options.documents()).isEqualTo(20_000);
    assertThat(options.rounds()).isEqualTo(3);
    assertThat(options.phases()).containsExactly(Phase.VIEW, Phase.SAME);
  }

  @Test
  void whatIsNotKnownIsRefusedByName() {
    assertThatThrownBy(() -> HttpOptions.parse("--fast")).hasMessageContaining("--fast");
    assertThatThrownBy(() -> HttpOptions.parse("--only", "tea")).hasMessageContaining("tea");
    assertThatThrownBy(() -> HttpOptions.parse("--cases", "tea")).hasMessageContaining("tea");
    assertThatThrownBy(() -> HttpOptions.parse("--rounds", "0")).hasMessageContaining("--rounds");
    assertThatThrownBy(() -> HttpOptions.parse("--rounds")).hasMessageContaining("--rounds");
  }

  @Test
  void everyOptionIsExplained() {
    assertThat(HttpOptions.HELP)
        .contains("--quick", "--documents", "--seconds", "--rounds", "--connections", "--only")
        .contains("--cases", "--jvm", "--set", "--profile", "--json", "--help");
    for (Phase phase : Phase.values()) {
      assertThat(HttpOptions.HELP).containsIgnoringCase(phase.name());
    }
  }
}
