package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's embedded example is the one that runs here. */
class ReadmeTest {
  private static final Path README = Path.of("..", "README.md");
  private static final Path EXAMPLE =
      Path.of("src", "test", "java", "io", "millrace", "distribution", "EmbeddedExample.java");

  @TempDir Path folder;

  @Test
  void embeddedExampleDoesWhatItSays() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    EmbeddedExample.run(folder, new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"title":"Alien","year":1979}
            "Alien"
            1 alien
            2 _query/by-year
            """);
  }

  @Test
  void readmeShowsTheExampleThatRuns() throws IOException {
    String shown =
        between(Files.readString(README), "```java\n", "```\n", "the Java block of the README");
    String run =
        between(
            Files.readString(EXAMPLE),
            "// The README's lines begin here.\n",
            "// The README's lines end here.",
            "the example");
    assertThat(words(shown)).isEqualTo(words(run));
  }

  private static String between(String text, String start, String end, String what) {
    int from = text.indexOf(start);
    int to = text.indexOf(end, from + start.length());
    assertThat(from).as("begin of " + what).isNotNegative();
    assertThat(to).as("end of " + what).isGreaterThan(from);
    return text.substring(from + start.length(), to);
  }

  /** The layout of lines is the formatter's affair. */
  private static String words(String code) {
    return code.replaceAll("\\s+", "");
  }
}
