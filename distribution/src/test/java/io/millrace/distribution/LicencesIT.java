package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whatever is bundled is listed with its licence. */
final class LicencesIT {
  private static final Path APP = Path.of("target", "quarkus-app");
  private static final Path LISTED = Path.of("target", "licences", "THIRD-PARTY.txt");
  private static final Path PAGE = Path.of("..", "docs", "licences.md");
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| (.+) \\| [^|]+ \\|");
  private static final Pattern WORD = Pattern.compile("`([^`]+)`");

  /** What is bundled, as {@code group:artifact:version}. */
  private static List<String> bundled() throws IOException {
    Set<String> jars;
    try (Stream<Path> files = Files.walk(APP.resolve("lib"))) {
      jars =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".jar"))
              .filter(name -> !name.startsWith("io.millrace."))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    // Which part of a jar's name is its group only the list of all dependencies tells.
    List<String> found =
        Files.readAllLines(APP.resolve("quarkus-app-dependencies.txt")).stream()
            .map(line -> line.split(":"))
            .filter(parts -> jars.remove(parts[0] + '.' + parts[1] + '-' + parts[4] + ".jar"))
            .map(parts -> parts[0] + ':' + parts[1] + ':' + parts[4])
            .toList();
    assertThat(jars).as("jars that are no dependencies").isEmpty();
    return found;
  }

  @Test
  void everyJarIsInTheListOfTheArchive() throws IOException {
    String list = Files.readString(LISTED);
    assertThat(bundled())
        .isNotEmpty()
        .allSatisfy(jar -> assertThat(list).contains("(" + jar + " - "));
    assertThat(list).doesNotContain("Unknown license");
  }

  @Test
  void everyJarHasItsRowOnThePageAndEveryRowItsJar() throws IOException {
    Set<String> written = new TreeSet<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        Matcher artifact = WORD.matcher(row.group(2));
        while (artifact.find()) {
          written.add(row.group(1) + ':' + artifact.group(1));
        }
      }
    }
    Set<String> bundled =
        bundled().stream()
            .map(jar -> jar.substring(0, jar.lastIndexOf(':')))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(written).isEqualTo(bundled);
  }
}
