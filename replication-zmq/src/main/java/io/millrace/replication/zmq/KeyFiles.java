package io.millrace.replication.zmq;

import io.millrace.spi.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads files with keys. The first word of each line is a key, the others are for people. */
final class KeyFiles {
  private KeyFiles() {}

  /** The key in the first line that is not blank. */
  static Keys secretKey(String file) {
    List<String> words = firstWords(file);
    if (words.isEmpty()) {
      throw new InvalidSettingException("there is no key in the file " + file);
    }
    try {
      return Keys.ofSecret(Keys.parse(words.get(0)));
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException(
          "the first line of the file " + file + " does not begin with a secret key of 40 letters");
    }
  }

  static Set<String> publicKeys(String file) {
    Set<String> keys = new LinkedHashSet<>();
    for (String word : firstWords(file)) {
      try {
        Keys.parse(word);
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException(
            "a line of the file " + file + " does not begin with a public key of 40 letters");
      }
      keys.add(word);
    }
    return keys;
  }

  private static List<String> firstWords(String file) {
    try {
      return Files.readAllLines(Path.of(file)).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .map(line -> line.split("\\s", 2)[0])
          .toList();
    } catch (IOException | InvalidPathException e) {
      throw new InvalidSettingException("the file of keys " + file + " cannot be read: " + e);
    }
  }
}
