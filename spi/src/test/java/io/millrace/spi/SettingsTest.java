package io.millrace.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Setting<Long> SIZE =
      Setting.size("size", "How large.", "64MiB", 1, Long.MAX_VALUE);
  private static final Setting<Duration> WAIT =
      Setting.duration("wait", "How long.", "1s", Duration.ZERO, Duration.ofHours(1));
  private static final Setting<Long> COUNT = Setting.number("count", "How many.", 3, 1, 10);
  private static final Setting<String> WORD =
      Setting.choice("word", "Which.", "a", List.of("a", "b"));
  private static final Setting<Boolean> FLAG = Setting.flag("flag", "Whether.", true);
  private static final List<Setting<?>> ALL = List.of(SIZE, WAIT, COUNT, WORD, FLAG);

  private static <T> T read(Setting<T> setting, String text) {
    return Settings.parse("p.", ALL, Map.of(setting.key(), text)).get(setting);
  }

  @Test
  void whatIsNotGivenHasItsDefault() {
    Settings settings = Settings.defaults(ALL);
    assertThat(settings.get(SIZE)).isEqualTo(64L << 20);
    assertThat(settings.get(WAIT)).isEqualTo(Duration.ofSeconds(1));
    assertThat(settings.get(COUNT)).isEqualTo(3);
    assertThat(settings.get(WORD)).isEqualTo("a");
    assertThat(settings.get(FLAG)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1,1",
    "5b,5",
    "2k,2048",
    "2 KiB,2048",
    "3MiB,3145728",
    "1g,1073741824",
    " 7 ,7",
    "8589934591GiB,9223372035781033984"
  })
  void sizesAreRead(String text, long bytes) {
    assertThat(read(SIZE, text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "-1",
        "1.5m",
        "x",
        "1tb",
        "999999999999999GiB",
        "8589934592GiB",
        "9999999999999999999"
      })
  void otherSizesAreRefused(String text) {
    assertThatThrownBy(() -> read(SIZE, text))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("p.size");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1", "1d", "-1s", "2h", "999999999999h", "1.5s"})
  void otherDurationsAreRefused(String text) {
    assertThatThrownBy(() -> read(WAIT, text)).isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void durationsWordsFlagsAndNumbersAreRead() {
    assertThat(read(WAIT, "250ms")).isEqualTo(Duration.ofMillis(250));
    assertThat(read(WAIT, "5 M")).isEqualTo(Duration.ofMinutes(5));
    assertThat(read(WORD, "b")).isEqualTo("b");
    assertThat(read(FLAG, "false")).isFalse();
    assertThat(read(COUNT, "10")).isEqualTo(10);
    assertThatThrownBy(() -> read(WORD, "c")).hasMessageContaining("one of a, b");
    assertThatThrownBy(() -> read(FLAG, "yes")).hasMessageContaining("true or false");
    assertThatThrownBy(() -> read(COUNT, "11")).hasMessageContaining("from 1 to 10");
    assertThatThrownBy(() -> read(COUNT, "x")).isInstanceOf(InvalidSettingException.class);
  }

  @Test
  void unknownKeysAreRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Settings.parse("p.", ALL, Map.of("siz", "1")))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("p.siz")
        .hasMessageContaining("p.size");
    assertThatThrownBy(() -> Settings.defaults(List.of()).get(SIZE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(SIZE.fixed().changeable()).isFalse();
  }

  @Test
  void settingsOfAnInnerModuleAreGivenOrFoundOrDefault() {
    Setting<Long> one = Setting.number("one", "", 1, 0, 100);
    Setting<Long> two = Setting.number("two", "", 2, 0, 100);
    Setting<Long> three = Setting.number("three", "", 3, 0, 100);
    Setting<Long> outerOne = Setting.number("inner.one", "", 0, 0, 100);
    Setting<Long> outerTwo = Setting.number("inner.two", "", 0, 0, 100);
    Settings outer =
        Settings.parse(
            "", List.of(outerOne, outerTwo), Map.of("inner.one", "10", "inner.two", "20"));
    Settings inner = outer.within("inner.", List.of(one, two, three), Map.of("two", "22"));
    assertThat(inner.get(one)).isEqualTo(10);
    assertThat(inner.get(two)).isEqualTo(22);
    assertThat(inner.get(three)).isEqualTo(3);
  }
}
