package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the guides for authors of modules show of a program is what the examples say, which are
 * built and tested.
 *
 * <p>A block of code follows a comment that names its file; a line with an ellipsis alone stands
 * for whatever the file has there.
 */
final class GuidesTest {
  private static final Path ROOT = Path.of("..");
  private static final String FILE = "<!-- examples/";
  private static final String ELLIPSIS = "…";

  /** What is typed into a terminal comes from no file. */
  private static final List<String> TYPED = List.of("```sh", "```console");

  /**
   * A block of code.
   *
   * @param file what the line before it names; empty for none
   */
  private record Block(String file, String language, List<String> lines) {}

  private static List<Block> blocks(List<String> page) {
    List<Block> blocks = new ArrayList<>();
    for (int i = 0; i < page.size(); i++) {
      if (!page.get(i).startsWith("```")) {
        continue;
      }
      String before = i == 0 ? "" : page.get(i - 1);
      String file =
          before.startsWith(FILE) ? before.substring("<!-- ".length(), before.indexOf(" -->")) : "";
      String language = page.get(i);
      int end = i + 1;
      while (!page.get(end).equals("```")) {
        end++;
      }
      blocks.add(new Block(file, language, page.subList(i + 1, end)));
      i = end;
    }
    return blocks;
  }

  @ParameterizedTest
  @ValueSource(strings = {"writing-a-store.md", "writing-a-view.md"})
  void everyBlockOfCodeIsTakenFromAnExample(String page) throws IOException {
    List<Block> blocks = blocks(Files.readAllLines(ROOT.resolve("docs").resolve(page)));
    assertThat(blocks).hasSizeGreaterThan(5);
    for (Block block : blocks) {
      if (TYPED.contains(block.language())) {
        continue;
      }
      assertThat(block.file()).as("the file of %s", block).isNotEmpty();
      assertShown(block, words(Files.readString(ROOT.resolve(block.file()))));
    }
  }

  private static void assertShown(Block block, String file) {
    int from = 0;
    StringBuilder piece = new StringBuilder();
    List<String> lines = new ArrayList<>(block.lines());
    lines.add(ELLIPSIS);
    for (String line : lines) {
      if (!line.strip().equals(ELLIPSIS)) {
        piece.append(words(line));
        continue;
      }
      int at = file.indexOf(piece.toString(), from);
      assertThat(at)
          .as("%s has, after what was shown before: %s", block.file(), piece)
          .isNotNegative();
      from = at + piece.length();
      piece.setLength(0);
    }
  }

  /** The layout of lines is the formatter's affair. */
  private static String words(String code) {
    return code.replaceAll("\\s+", "");
  }

  @Test
  void blocksAreFoundWithTheirFiles() {
    List<String> page =
        List.of(
            "Text", "<!-- examples/a/B.java -->", "```java", "x", "…", "y", "```", "```sh", "```");
    assertThat(blocks(page))
        .containsExactly(
            new Block("examples/a/B.java", "```java", List.of("x", "…", "y")),
            new Block("", "```sh", List.of()));
    Block block = blocks(page).get(0);
    assertShown(block, "axbyc");
    assertThatThrownBy(() -> assertShown(block, "yx")).isInstanceOf(AssertionError.class);
  }
}
