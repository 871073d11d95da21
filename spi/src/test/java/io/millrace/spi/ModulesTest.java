package io.millrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModulesTest {
  private record Named(String name) implements Provider {
    @Override
    public int spiVersion() {
      return SpiVersion.CURRENT;
    }

    @Override
    public int formatVersion() {
      return 1;
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of();
    }
  }

  private static Modules<Named> modules(String... names) {
    return Modules.of("thing", List.of(names).stream().map(Named::new).toList());
  }

  @Test
  void aModuleIsFoundByItsName() {
    Modules<Named> modules = modules("b", "a");
    assertThat(modules.named("a").name()).isEqualTo("a");
    assertThat(modules.contains("b")).isTrue();
    assertThat(modules.contains("c")).isFalse();
    assertThat(modules.all()).extracting(Named::name).containsExactly("a", "b");
    assertThat(modules.named("a").version()).isEqualTo("unknown");
  }

  @Test
  void noneUnknownAndDuplicateAreThreeErrors() {
    assertThatThrownBy(() -> modules().named("a")).extracting("code").isEqualTo("no-modules");
    assertThatThrownBy(() -> modules("a", "b").named("c"))
        .hasMessageContaining("a, b")
        .extracting("code")
        .isEqualTo("unknown-module");
    assertThatThrownBy(() -> modules("a", "a").named("a"))
        .hasMessageContaining(Named.class.getName())
        .extracting("code")
        .isEqualTo("duplicate-module");
  }

  @Test
  void duplicatesAreNamedByTheirOriginsWhetherAskedForOrNot() {
    Modules<Named> modules =
        modules("a", "b").and(List.of(new Modules.Found<>(new Named("b"), "plugins/x/x.jar")));
    assertThat(modules.named("a").name()).isEqualTo("a");
    assertThatThrownBy(modules::requireUnique)
        .hasMessageContaining(Named.class.getName() + " (built in), plugins/x/x.jar")
        .extracting("code")
        .isEqualTo("duplicate-module");
    assertThat(modules.found())
        .extracting(Modules.Found::origin)
        .containsExactly("built in", "built in", "plugins/x/x.jar");
  }

  @Test
  void versionOfTheSpiIsCopiedByTheCompiler() throws NoSuchFieldException {
    Field version = SpiVersion.class.getField("CURRENT");
    assertThat(Modifier.isFinal(version.getModifiers())).isTrue();
    assertThat(modules("a").named("a").spiVersion()).isEqualTo(SpiVersion.CURRENT);
  }
}
