package com.example.words;

import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.util.List;

/** Makes views of the type {@code words}. */
public final class WordsProvider implements ViewProvider {
  /**
   * How many words may be searched for at once. No setting may change the rows themselves: those of
   * yesterday would stay as they are. What does belongs into the definition.
   */
  private static final Setting<Long> SEARCH_WORDS =
      Setting.number("search-words", "The most words that one search may name.", 16, 1, 1_000);

  @Override
  public String name() {
    return "words";
  }

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
    return List.of(SEARCH_WORDS);
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new WordsFactory(settings.get(SEARCH_WORDS).intValue(), context.meters());
  }
}
