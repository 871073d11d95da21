package io.millrace.backend.leveldb;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The records of a file in LevelDB's log format, which its manifests share: blocks of 32 KiB, in
 * them fragments with a masked CRC-32C, a length of two bytes and a type (1 whole, 2 first, 3
 * middle, 4 last), little-endian.
 *
 * <p>Goes on behind a flaw at the next block. Zeros at the end are no flaw: files grow ahead of
 * what is written to them. Zeros before something are one.
 */
final class LogRecords {
  private static final int BLOCK_BYTES = 32_768;
  private static final int HEADER_BYTES = 7;

  private final ByteBuffer file;
  private int at;
  private int zerosAt = -1;
  private int start = -1;
  private final ByteArrayOutputStream fragments = new ByteArrayOutputStream();
  private int position;
  private int flaw = -1;

  LogRecords(byte[] file) {
    this.file = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The next whole record; null at the end. */
  byte @Nullable [] next() {
    while (at + HEADER_BYTES <= file.limit()) {
      int left = BLOCK_BYTES - at % BLOCK_BYTES;
      if (left < HEADER_BYTES) {
        at += left;
        continue;
      }
      int length = file.getShort(at + 4) & 0xffff;
      int type = file.get(at + 6);
      if (type == 0 && length == 0) {
        endFragments();
        zerosAt = zerosAt < 0 ? at : zerosAt;
        at += left;
      } else if (!isSound(at, length, type, left)) {
        endFragments();
        foundFlaw(at);
        at += left;
      } else {
        byte[] record = fragment(length, type);
        at += HEADER_BYTES + length;
        if (record != null) {
          return record;
        }
      }
    }
    endFragments();
    while (at < file.limit()) {
      if (file.get(at) != 0) {
        foundFlaw(at);
      }
      at++;
    }
    return null;
  }

  private boolean isSound(int at, int length, int type, int left) {
    if (type < 1
        || type > 4
        || HEADER_BYTES + length > left
        || at + HEADER_BYTES + length > file.limit()) {
      return false;
    }
    return file.getInt(at) == MaskedCrc.of(file.array(), at + 6, 1 + length);
  }

  /**
   * Whether at any place from {@code from} on there is a whole record of {@code length} bytes that
   * {@code wanted} accepts.
   */
  boolean anyFrom(int from, int length, Predicate<byte[]> wanted) {
    for (int place = from; place + HEADER_BYTES + length <= file.limit(); place++) {
      if (file.get(place + 6) == 1
          && (file.getShort(place + 4) & 0xffff) == length
          && isSound(place, length, 1, BLOCK_BYTES - place % BLOCK_BYTES)) {
        int start = place + HEADER_BYTES;
        if (wanted.test(Arrays.copyOfRange(file.array(), start, start + length))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Takes in the fragment here; the whole record when it was the last. */
  private byte @Nullable [] fragment(int length, int type) {
    if (zerosAt >= 0) {
      foundFlaw(zerosAt);
      zerosAt = -1;
    }
    if (type <= 2) {
      endFragments();
      start = at;
    } else if (start < 0) {
      foundFlaw(at);
      return null;
    }
    fragments.write(file.array(), at + HEADER_BYTES, length);
    if (type == 2 || type == 3) {
      return null;
    }
    position = start;
    start = -1;
    byte[] record = fragments.toByteArray();
    fragments.reset();
    return record;
  }

  /** A record that was begun and does not go on is a flaw. */
  private void endFragments() {
    if (start >= 0) {
      foundFlaw(start);
      start = -1;
    }
    fragments.reset();
  }

  private void foundFlaw(int place) {
    flaw = flaw < 0 ? place : flaw;
  }

  /** Where the record begins that {@link #next} returned last. */
  int position() {
    return position;
  }

  /** The position of the first flaw met so far; -1 for none. */
  int flaw() {
    return flaw;
  }
}
