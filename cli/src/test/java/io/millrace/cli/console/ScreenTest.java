package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScreenTest {
  private static Screen screen(boolean terminal, Map<String, String> environment) {
    return Screen.of(terminal, terminal, terminal, 80, environment);
  }

  @Test
  void terminalHasColoursMovingLinesAndAWidth() {
    Screen screen = screen(true, Map.of("TERM", "xterm", "NO_COLOR", ""));
    assertThat(screen).isEqualTo(new Screen(true, true, true, 80, true));
    assertThat(screen.added("x")).isEqualTo("\033[32mx\033[0m");
  }

  @Test
  void plainTerminalOnlyPrints() {
    for (Map<String, String> plain :
        List.of(
            Map.of("TERM", "dumb"), Map.of("TERM", "xterm", "NO_COLOR", "1"), Map.of("X", "1"))) {
      Screen screen = screen(true, plain);
      assertThat(screen).isEqualTo(new Screen(true, true, false, 80, false));
      assertThat(screen.removed("x") + screen.changed("y") + screen.bold("z")).isEqualTo("xyz");
    }
  }

  @Test
  void nobodyWatchesAPipe() {
    assertThat(screen(false, Map.of("TERM", "xterm"))).isEqualTo(Screen.NONE);
  }
}
