package com.example.words;

import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.Meters;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.view.index.RowIndex;

/** What all views of this type share: a limit and a counter. */
final class WordsFactory implements ViewFactory {
  private final int mostSearchWords;
  private final Meters.Counter words;

  WordsFactory(int mostSearchWords, Meters meters) {
    this.mostSearchWords = mostSearchWords;
    this.words = meters.counter("view.words.indexed", "words that were put into indexes");
  }

  @Override
  public void validate(ViewDefinition definition) {
    WordsDefinition.of(definition);
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    return new WordsView(
        WordsDefinition.of(definition), new RowIndex(context), mostSearchWords, words);
  }

  @Override
  public void close() {
    // No threads, no files.
  }
}
