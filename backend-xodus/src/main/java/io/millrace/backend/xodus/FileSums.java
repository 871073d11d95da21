package io.millrace.backend.xodus;

import io.millrace.api.error.CorruptionException;
import io.millrace.backend.flat.FlatFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * The lengths and CRC-32C of the log files that are full, and of the last one too when the store
 * was closed well, in a file beside them. Xodus has no checksums of its own: a changed byte in an
 * inner node of the tree would make rows vanish without a word. What was forced of the file that is
 * being written is in a {@link TailSum}.
 *
 * <p>All files are read when the store is opened, which is bearable for the small databases that
 * Xodus is for. For one thread at a time.
 */
final class FileSums {
  static final String NAME = "millrace.sums";

  private static final Pattern LINE = Pattern.compile("(\\S+\\.xd) (\\d{1,18}) ([0-9a-f]{8})");
  private static final int BUFFER_BYTES = 256 << 10;

  private record Sum(long length, int crc) {}

  private final Path folder;
  private final TailSum tail;
  private final Map<String, Sum> sums = new TreeMap<>();

  FileSums(Path folder) {
    this.folder = folder;
    this.tail = new TailSum(folder);
  }

  /**
   * Compares the files with what was noted. Files that are not noted, or not there any more, are
   * Xodus's business.
   *
   * @throws CorruptionException when a file is not what it was
   */
  void verify() throws IOException {
    tail.verify();
    read();
    for (Map.Entry<String, Sum> noted : sums.entrySet()) {
      Path file = folder.resolve(noted.getKey());
      if (Files.exists(file) && !sum(file).equals(noted.getValue())) {
        throw new CorruptionException(
            file.toString(),
            "the file is not what was written to it, by its length or checksum; "
                + FlatFolder.REMEDY);
      }
    }
  }

  /**
   * Forgets the file that will be written to, and those that recovery has cut; called when Xodus is
   * open and has written nothing else.
   */
  void begin() throws IOException {
    List<Path> files = logFiles();
    Map<String, Sum> before = new TreeMap<>(sums);
    sums.clear();
    for (Path file : files.subList(0, Math.max(0, files.size() - 1))) {
      Sum noted = before.get(name(file));
      if (noted != null && Files.size(file) == noted.length()) {
        sums.put(name(file), noted);
      }
    }
    if (!sums.equals(before)) {
      write();
    }
  }

  /**
   * Notes the files that have come to their end, and how far the last one was forced.
   *
   * @param closed whether the last one has, too
   */
  void note(boolean closed) throws IOException {
    List<Path> files = logFiles();
    boolean changed = sums.keySet().retainAll(files.stream().map(FileSums::name).toList());
    for (Path file : closed ? files : files.subList(0, Math.max(0, files.size() - 1))) {
      if (!sums.containsKey(name(file))) {
        sums.put(name(file), sum(file));
        changed = true;
      }
    }
    if (changed) {
      write();
    }
    if (!files.isEmpty()) {
      tail.note(files.get(files.size() - 1));
    }
  }

  /** The log files, the oldest first; their names are addresses. */
  private List<Path> logFiles() throws IOException {
    return logFiles(folder);
  }

  static List<Path> logFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> name(file).endsWith(".xd")).sorted().toList();
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Sum sum(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
    long length = 0;
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        length += buffer.remaining();
        crc.update(buffer);
        buffer.clear();
      }
    }
    return new Sum(length, (int) crc.getValue());
  }

  private void read() throws IOException {
    sums.clear();
    Path file = folder.resolve(NAME);
    if (!Files.exists(file)) {
      return;
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int end = text.lastIndexOf("end ");
    if (end < 0 || !text.substring(end).equals(lastLine(text.substring(0, end)))) {
      throw new CorruptionException(
          file.toString(), "the checksums of the other files are damaged themselves");
    }
    Matcher lines = LINE.matcher(text);
    while (lines.find()) {
      sums.put(
          lines.group(1),
          new Sum(Long.parseLong(lines.group(2)), Integer.parseUnsignedInt(lines.group(3), 16)));
    }
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder();
    sums.forEach(
        (name, sum) -> text.append(String.format("%s %d %08x%n", name, sum.length(), sum.crc())));
    text.append(lastLine(text.toString()));
    Path fresh = folder.resolve(NAME + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text.toString());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String lastLine(String lines) {
    Checksum crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.ISO_8859_1));
    return String.format("end %08x%n", crc.getValue());
  }
}
