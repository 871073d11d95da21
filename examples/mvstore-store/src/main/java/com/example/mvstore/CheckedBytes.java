package com.example.mvstore;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.ByteArrayDataType;

/**
 * The keys or the values of one page, followed by their CRC-32C: MVStore has none of its own, and
 * would serve whatever the disk makes of a page.
 */
final class CheckedBytes extends BasicDataType<byte[]> {
  static final CheckedBytes INSTANCE = new CheckedBytes();

  private CheckedBytes() {}

  @Override
  public void write(WriteBuffer to, Object page, int count) {
    super.write(to, page, count);
    to.putInt(checksum((byte[][]) page, count));
  }

  @Override
  public void read(ByteBuffer from, Object page, int count) {
    super.read(from, page, count);
    if (from.getInt() != checksum((byte[][]) page, count)) {
      throw damaged("the checksum of a page is wrong");
    }
  }

  private static int checksum(byte[][] page, int count) {
    CRC32C checksum = new CRC32C();
    for (int i = 0; i < count; i++) {
      checksum.update(page[i]);
    }
    return (int) checksum.getValue();
  }

  @Override
  public byte[] read(ByteBuffer from) {
    int length = DataUtils.readVarInt(from);
    if (length < 0 || length > from.remaining()) {
      throw damaged("a row is longer than its page");
    }
    byte[] bytes = new byte[length];
    from.get(bytes);
    return bytes;
  }

  private static RuntimeException damaged(String message) {
    return DataUtils.newMVStoreException(DataUtils.ERROR_FILE_CORRUPT, message);
  }

  @Override
  public void write(WriteBuffer to, byte[] bytes) {
    ByteArrayDataType.INSTANCE.write(to, bytes);
  }

  @Override
  public int getMemory(byte[] bytes) {
    return ByteArrayDataType.INSTANCE.getMemory(bytes);
  }

  @Override
  public byte[][] createStorage(int size) {
    return new byte[size][];
  }

  @Override
  public int compare(byte[] one, byte[] other) {
    return ByteArrayDataType.INSTANCE.compare(one, other);
  }
}
