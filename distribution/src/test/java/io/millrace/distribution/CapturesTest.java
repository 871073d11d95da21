package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** The pictures in the guide to the command line; {@link CapturesIT} makes them. */
final class CapturesTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void everyPictureIsShownAndEveryOneShownIsThere() throws Exception {
    Set<String> shown = new TreeSet<>();
    Matcher links =
        Pattern.compile("\\(captures/([a-z]+)\\.svg\\)")
            .matcher(Files.readString(DOCS.resolve("cli.md")));
    while (links.find()) {
      shown.add(links.group(1) + ".svg");
    }
    assertThat(shown).hasSizeGreaterThan(3).isEqualTo(pictures());
    for (String name : shown) {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(DOCS.resolve("captures").resolve(name).toFile());
    }
  }

  private static Set<String> pictures() throws IOException {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(DOCS.resolve("captures"), "*.svg")) {
      files.forEach(file -> names.add(file.getFileName().toString()));
    }
    return names;
  }
}
