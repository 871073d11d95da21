package io.millrace.engine.index;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of the index. Bucket numbers and sequences are big-endian, so that they sort as numbers.
 * A document's id ends with a zero byte where a sequence follows it: ids hold no control
 * characters, so the order of ids is kept.
 */
final class Keys {
  private Keys() {}

  static byte[] bucket(int bucket) {
    return ByteBuffer.allocate(4).putInt(bucket).array();
  }

  static byte[] document(int bucket, byte[] id) {
    byte[] key = new byte[4 + id.length];
    putInt(key, bucket);
    System.arraycopy(id, 0, key, 4, id.length);
    return key;
  }

  static byte[] history(int bucket, byte[] id, long sequence) {
    byte[] key = new byte[4 + id.length + 1 + 8];
    putInt(key, bucket);
    System.arraycopy(id, 0, key, 4, id.length);
    putLong(key, 4 + id.length + 1, sequence);
    return key;
  }

  static byte[] sequence(int bucket, long sequence) {
    byte[] key = new byte[12];
    putInt(key, bucket);
    putLong(key, 4, sequence);
    return key;
  }

  static long sequenceAtEnd(byte[] key) {
    return ByteBuffer.wrap(key).getLong(key.length - 8);
  }

  static String documentId(byte[] documentKey) {
    return new String(documentKey, 4, documentKey.length - 4, StandardCharsets.UTF_8);
  }

  static byte[] historyId(byte[] historyKey) {
    return Arrays.copyOfRange(historyKey, 4, historyKey.length - 9);
  }

  private static void putInt(byte[] key, int value) {
    key[0] = (byte) (value >>> 24);
    key[1] = (byte) (value >>> 16);
    key[2] = (byte) (value >>> 8);
    key[3] = (byte) value;
  }

  private static void putLong(byte[] key, int at, long value) {
    for (int i = 0; i < 8; i++) {
      key[at + i] = (byte) (value >>> (56 - 8 * i));
    }
  }
}
