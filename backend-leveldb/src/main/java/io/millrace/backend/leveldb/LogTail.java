package io.millrace.backend.leveldb;

import io.millrace.api.error.CorruptionException;
import io.millrace.backend.flat.FlatFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the end of LevelDB's logs back to the last batch before the first flaw, so that LevelDB
 * finds whole batches in their order and nothing else.
 *
 * <p>A flaw is a damaged, torn or missing record, or a batch whose sequence number does not follow
 * from the one before. When the confirmation of a {@linkplain ForcedMark force} lies behind it,
 * this is no torn end but damage, and reported.
 *
 * <p>Changes nothing in files that the manifest says are obsolete, and nothing when the manifest is
 * damaged, which LevelDB reports itself; only a torn last record of the manifest is cut, on which
 * nothing was built yet.
 */
final class LogTail {
  /** A sequence number and a count, before the changes of a batch. */
  static final int BATCH_HEADER_BYTES = 12;

  private static final Pattern MANIFEST = Pattern.compile("MANIFEST-\\d{1,18}");
  private static final Pattern LOG = Pattern.compile("\\d{1,18}\\.log");

  private final Path folder;
  private @Nullable Path flawedFile;
  private int flaw;

  LogTail(Path folder) {
    this.folder = folder;
  }

  /**
   * Cuts what has to be cut; the database is closed.
   *
   * @return the lengths of live tables, by their numbers
   */
  Map<Long, Long> mend() throws IOException {
    Path current = folder.resolve("CURRENT");
    if (!Files.isRegularFile(current)) {
      return Map.of();
    }
    // Bytes, since damaged ones need not be text.
    String name = new String(Files.readAllBytes(current), StandardCharsets.ISO_8859_1).strip();
    if (!MANIFEST.matcher(name).matches()) {
      return Map.of();
    }
    Path manifest = folder.resolve(name);
    if (!Files.isRegularFile(manifest)) {
      return Map.of();
    }
    ManifestSummary summary = ManifestSummary.read(Files.readAllBytes(manifest));
    if (summary == null) {
      return Map.of();
    }
    mend(manifest, summary);
    return summary.tables();
  }

  private void mend(Path manifest, ManifestSummary summary) throws IOException {
    if (summary.tornAt() >= 0) {
      cut(manifest, summary.tornAt());
    }
    requireFirst(summary);
    long expected = -1;
    for (Path log : logs(summary)) {
      if (flawedFile != null && Files.size(log) == 0) {
        continue;
      }
      expected = check(log, expected, summary.lastSequence());
    }
    Path file = flawedFile;
    if (file != null) {
      cut(file, flaw);
      for (Path log : logs(summary)) {
        if (number(log) > number(file)) {
          Files.delete(log);
        }
      }
    }
  }

  /**
   * Without its first live log, which is there before the manifest names it, others are no tail.
   */
  private void requireFirst(ManifestSummary summary) {
    Path first = folder.resolve(String.format(Locale.ROOT, "%06d.log", summary.logNumber()));
    if (summary.logNumber() > 0 && !Files.exists(first)) {
      throw new CorruptionException(first.toString(), "the file is missing; " + FlatFolder.REMEDY);
    }
  }

  /**
   * Looks for the first flaw, and for confirmations behind it.
   *
   * @param expected the sequence number that comes next; -1 for the first of all
   * @return the sequence number that comes after this log
   */
  private long check(Path log, long expected, long lastSequence) throws IOException {
    LogRecords records = new LogRecords(Files.readAllBytes(log));
    long next = expected;
    byte[] record = records.next();
    while (record != null) {
      foundFlaw(log, records.flaw());
      ByteBuffer batch = ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
      if (flawedFile == null && !follows(batch, next, lastSequence)) {
        foundFlaw(log, records.position());
      }
      if (flawedFile == null) {
        next = batch.getLong(0) + batch.getInt(Long.BYTES);
      } else if (ForcedMark.isConfirmation(record)) {
        throw damaged();
      }
      record = records.next();
    }
    foundFlaw(log, records.flaw());
    // The rest of a block is lost with its first flaw, unless one looks at every place.
    if (flawedFile != null
        && records.anyFrom(
            log.equals(flawedFile) ? flaw : 0,
            ForcedMark.RECORD_BYTES,
            ForcedMark::isConfirmation)) {
      throw damaged();
    }
    return next;
  }

  private static boolean follows(ByteBuffer batch, long expected, long lastSequence) {
    if (batch.limit() < BATCH_HEADER_BYTES) {
      return false;
    }
    long sequence = batch.getLong(0);
    return expected < 0 ? sequence <= lastSequence + 1 : sequence == expected;
  }

  private CorruptionException damaged() {
    return new CorruptionException(
        flawedFile + ", byte " + flaw, "what was forced to disk is damaged; " + FlatFolder.REMEDY);
  }

  private void foundFlaw(Path file, int position) {
    if (flawedFile == null && position >= 0) {
      flawedFile = file;
      flaw = position;
    }
  }

  /** The logs that LevelDB will read, the oldest first. */
  private List<Path> logs(ManifestSummary summary) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> LOG.matcher(String.valueOf(file.getFileName())).matches())
          .filter(file -> summary.isLive(number(file)))
          .sorted((one, other) -> Long.compare(number(one), number(other)))
          .toList();
    }
  }

  private static long number(Path log) {
    String name = String.valueOf(log.getFileName());
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static void cut(Path file, int length) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      channel.force(true);
    }
  }
}
