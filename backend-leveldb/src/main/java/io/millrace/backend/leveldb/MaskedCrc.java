package io.millrace.backend.leveldb;

import java.util.zip.CRC32C;

/** The checksum of LevelDB's files: a CRC-32C, rotated and moved on. */
final class MaskedCrc {
  private static final int DELTA = 0xa282ead8;

  private MaskedCrc() {}

  static int of(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + DELTA;
  }
}
