package io.millrace.backend.xodus;

import io.millrace.api.error.CorruptionException;
import io.millrace.backend.flat.FlatFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of the log file that is being written, as far as it was forced, in a file beside it.
 * Log files only become longer, so it holds for their beginning after a crash.
 *
 * <p>Written at each flush and never forced: after a loss of power it is there, or an older one is,
 * or none. For one thread at a time.
 */
final class TailSum {
  static final String NAME = "millrace.tail";

  private static final Pattern LINE =
      Pattern.compile("(\\S+\\.xd) (\\d{1,18}) ([0-9a-f]{8}) ([0-9a-f]{8})\n");
  private static final int BUFFER_BYTES = 64 << 10;

  private final Path note;
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
  private String name = "";
  private CRC32C crc = new CRC32C();
  private long length;

  TailSum(Path folder) {
    this.note = folder.resolve(NAME);
  }

  /**
   * Compares the file with what was noted.
   *
   * @throws CorruptionException when it is not what it was
   */
  void verify() throws IOException {
    if (!Files.exists(note)) {
      return;
    }
    String text = Files.readString(note, StandardCharsets.ISO_8859_1);
    Matcher line = LINE.matcher(text);
    // One that says nothing, torn by a loss of power, is as good as none.
    if (!line.matches() || !line.group(4).equals(checksum(text, line.start(4)))) {
      return;
    }
    Path file = note.resolveSibling(line.group(1));
    long noted = Long.parseLong(line.group(2));
    if (Files.exists(file)) {
      begin(line.group(1));
      extend(file, noted);
      if (length != noted || !hex(crc).equals(line.group(3))) {
        throw new CorruptionException(
            file.toString(),
            "the first " + noted + " bytes are not what was forced to disk; " + FlatFolder.REMEDY);
      }
      begin("");
    }
  }

  /** Notes that all of {@code file}, the last one, was forced. */
  void note(Path file) throws IOException {
    long size = Files.size(file);
    if (!name.equals(String.valueOf(file.getFileName())) || size < length) {
      begin(String.valueOf(file.getFileName()));
    }
    extend(file, size);
    String text = name + ' ' + length + ' ' + hex(crc) + ' ';
    byte[] line =
        (text + checksum(text, text.length()) + '\n').getBytes(StandardCharsets.ISO_8859_1);
    try (FileChannel channel =
        FileChannel.open(note, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(line), 0);
      channel.truncate(line.length);
    }
  }

  private void begin(String file) {
    name = file;
    crc = new CRC32C();
    length = 0;
  }

  private void extend(Path file, long to) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      while (length < to) {
        buffer.clear().limit((int) Math.min(BUFFER_BYTES, to - length));
        int read = channel.read(buffer, length);
        if (read < 0) {
          return;
        }
        crc.update(buffer.flip());
        length += read;
      }
    }
  }

  private static String checksum(String text, int end) {
    CRC32C checksum = new CRC32C();
    checksum.update(text.substring(0, end).getBytes(StandardCharsets.ISO_8859_1));
    return hex(checksum);
  }

  private static String hex(CRC32C checksum) {
    return String.format("%08x", checksum.getValue());
  }
}
