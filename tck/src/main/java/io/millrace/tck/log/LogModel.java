package io.millrace.tck.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.tck.Patience;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a log should hold, as a plain list. */
final class LogModel {
  /** A record and its sequence. */
  record Numbered(long sequence, String record) {}

  private final List<String> records = new ArrayList<>();

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static List<byte[]> batch(String... texts) {
    List<byte[]> batch = new ArrayList<>();
    for (String text : texts) {
      batch.add(bytes(text));
    }
    return batch;
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** What a cursor shows, leaving the buffer as it is. */
  static String text(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return text(bytes);
  }

  static <T> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(Patience.millis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("nothing came of it", e);
    }
  }

  /** Appends one batch here and there, waits for it, and checks its sequence. */
  void append(Log log, String... texts) {
    add(texts);
    assertThat(await(log.append(batch(texts)))).isEqualTo(records.size());
  }

  /** Notes a batch that was appended. */
  void add(String... texts) {
    records.addAll(List.of(texts));
  }

  /** Notes that the record at {@code sequence} has another content. */
  void rewrite(long sequence, String record) {
    records.set((int) sequence - 1, record);
  }

  /** The record at {@code sequence}. */
  String at(long sequence) {
    return records.get((int) sequence - 1);
  }

  int size() {
    return records.size();
  }

  /** What a reader of {@code range} should see. */
  List<Numbered> expected(SequenceRange range) {
    List<Numbered> found = new ArrayList<>();
    for (int i = 0; i < records.size() && found.size() < range.limit(); i++) {
      int index = range.reverse() ? records.size() - 1 - i : i;
      if (range.contains(index + 1L)) {
        found.add(new Numbered(index + 1L, records.get(index)));
      }
    }
    return found;
  }

  static List<Numbered> readAll(LogCursor cursor) {
    List<Numbered> found = new ArrayList<>();
    while (cursor.advance()) {
      found.add(new Numbered(cursor.sequence(), text(cursor.current())));
    }
    return found;
  }

  static List<Numbered> read(Log log, SequenceRange range) {
    try (LogCursor cursor = log.read(range)) {
      return readAll(cursor);
    }
  }

  /** The log holds exactly this, by every way of reading. */
  void assertIsIn(Log log) {
    assertThat(log.since().value()).isEqualTo(records.size());
    assertThat(read(log, SequenceRange.all())).isEqualTo(expected(SequenceRange.all()));
    SequenceRange backwards = SequenceRange.all().reversed(true);
    assertThat(read(log, backwards)).isEqualTo(expected(backwards));
    for (int i = 0; i < records.size(); i++) {
      assertThat(text(log.read(i + 1L))).isEqualTo(records.get(i));
    }
  }
}
