package io.millrace.log.file;

import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Opens logs for tests and reaches into their files. */
final class TestLogs {
  static final Path FOLDER = Path.of("/log");

  /** Segments of a few records, with a little allocated ahead. */
  static final LogOptions SMALL = new LogOptions(SyncPolicy.ALWAYS, 1_024, 1 << 20, 1 << 20, 700);

  private TestLogs() {}

  static ModuleContext context(Path folder, long seed) {
    return new ModuleContext(folder, Clock.systemUTC(), new Random(seed), Meters.none());
  }

  static Log open(LogOptions options, Disk disk) {
    return SegmentedLog.open(options, context(FOLDER, 7), disk);
  }

  static Log open(Disk disk) {
    return open(SMALL, disk);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static List<byte[]> batch(String... texts) {
    List<byte[]> batch = new ArrayList<>();
    for (String text : texts) {
      batch.add(bytes(text));
    }
    return batch;
  }

  /** Appends and waits. */
  static long append(Log log, String... texts) {
    return log.append(batch(texts)).toCompletableFuture().join();
  }

  static List<String> readAll(Log log) {
    List<String> all = new ArrayList<>();
    try (LogCursor cursor = log.read(SequenceRange.all())) {
      while (cursor.advance()) {
        byte[] bytes = new byte[cursor.current().remaining()];
        cursor.current().get(bytes);
        all.add(text(bytes));
      }
    }
    return all;
  }

  /** Closes a log whose disk may have failed. */
  static void abandon(Log log) {
    try {
      log.close();
    } catch (MillraceException e) {
      // What a failed log says on closing is tested elsewhere.
    }
  }

  /** Changes a byte of the record at {@code sequence}, or of its checksum when it is empty. */
  static void damage(Disk disk, Path folder, long sequence) throws IOException {
    long first = 1;
    for (long candidate : new LogFolder(disk, folder).segments()) {
      first = candidate <= sequence ? candidate : first;
    }
    Path file = new LogFolder(disk, folder).segmentFile(first);
    try (DiskFile io = disk.openForWriting(file)) {
      long position = SegmentHeader.BYTES;
      int length = recordBytesAt(io, position);
      for (long skipped = first; skipped < sequence; skipped++) {
        position += FrameCodec.frameBytes(length);
        length = recordBytesAt(io, position);
      }
      long at = length > 0 ? position + FrameCodec.HEADER_BYTES : position;
      ByteBuffer one = ByteBuffer.allocate(1);
      io.readFully(one, at);
      io.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 1)}), at);
    }
  }

  private static int recordBytesAt(DiskFile io, long position) throws IOException {
    ByteBuffer word = ByteBuffer.allocate(Integer.BYTES);
    io.readFully(word, position + FrameCodec.WORD_AT);
    return FrameCodec.recordBytes(word.getInt(0));
  }
}
