package io.millrace.backend.xodus;

import io.millrace.api.error.CorruptionException;
import io.millrace.backend.flat.FlatFolder;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;

/**
 * A row as it is stored: before the value comes the CRC-32C of key and value, four bytes, since
 * Xodus itself would not notice that a byte has changed.
 */
final class CheckedRow {
  private static final int CHECKSUM_BYTES = Integer.BYTES;

  private CheckedRow() {}

  static ByteIterable stored(byte[] key, byte[] value) {
    return new ArrayByteIterable(
        ByteBuffer.allocate(CHECKSUM_BYTES + value.length)
            .putInt(checksum(key, value, 0, value.length))
            .put(value)
            .array());
  }

  /** A copy of the value, which is what was stored under {@code key}. */
  static byte[] value(byte[] key, ByteIterable stored, Path folder) {
    byte[] bytes = stored.getBytesUnsafe();
    int length = stored.getLength();
    if (length < CHECKSUM_BYTES
        || ByteBuffer.wrap(bytes).getInt()
            != checksum(key, bytes, CHECKSUM_BYTES, length - CHECKSUM_BYTES)) {
      throw new CorruptionException(
          folder + ", key " + HexFormat.of().formatHex(key),
          "the row's checksum is wrong; " + FlatFolder.REMEDY);
    }
    return Arrays.copyOfRange(bytes, CHECKSUM_BYTES, length);
  }

  private static int checksum(byte[] key, byte[] bytes, int from, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(key);
    checksum.update(bytes, from, length);
    return (int) checksum.getValue();
  }
}
