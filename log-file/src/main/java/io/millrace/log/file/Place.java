package io.millrace.log.file;

import java.nio.file.Path;

/** Names places for messages. */
final class Place {
  private Place() {}

  static String in(Path file, long position) {
    return file + " at byte " + position;
  }
}
