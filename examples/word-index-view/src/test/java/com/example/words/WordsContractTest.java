package com.example.words;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Body;
import io.millrace.spi.ViewProvider;
import io.millrace.tck.view.ViewExample;
import io.millrace.tck.view.ViewTck;
import java.util.List;
import java.util.Random;

/** The view keeps the contract of views. */
final class WordsContractTest extends ViewTck {
  private static final List<String> WORDS = List.of("Alien", "man", "third", "The", "Vertigo");

  @Override
  protected ViewProvider provider() {
    return new WordsProvider();
  }

  @Override
  protected List<ViewExample> examples() {
    return List.of(
        ViewExample.of("{\"field\":\"title\"}")
            .documents(WordsContractTest::film)
            .asking("search", "words", "third man")
            .asking("count", "prefix", "\"t\"")
            .refusing("words", "search"),
        ViewExample.of("{\"field\":\"a\",\"shortest\":2}"));
  }

  @Override
  protected List<String> refused() {
    return List.of("{}", "{\"field\":\"title\",\"shortest\":0}");
  }

  private static Body film(Random random) {
    StringBuilder title = new StringBuilder();
    for (int words = random.nextInt(4); words > 0; words--) {
      title.append(WORDS.get(random.nextInt(WORDS.size()))).append(' ');
    }
    ObjectNode film = JsonNodeFactory.instance.objectNode();
    return Body.of(film.put("title", title.toString()));
  }
}
