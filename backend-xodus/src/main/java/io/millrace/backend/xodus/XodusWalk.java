package io.millrace.backend.xodus;

import io.millrace.api.error.MillraceException;
import io.millrace.backend.flat.FlatWalk;
import java.nio.file.Path;
import java.util.Arrays;
import jetbrains.exodus.ArrayByteIterable;
import jetbrains.exodus.ByteIterable;
import jetbrains.exodus.env.Cursor;
import jetbrains.exodus.env.Store;
import jetbrains.exodus.env.Transaction;

/** A walk with a cursor in a transaction of its own. */
final class XodusWalk implements FlatWalk {
  private final Transaction transaction;
  private final Cursor cursor;
  private final byte[] from;
  private final byte[] to;
  private final boolean reverse;
  private final Path folder;
  private boolean begun;
  private byte[] key = {};
  private byte[] value = {};

  private XodusWalk(
      Transaction transaction,
      Cursor cursor,
      byte[] from,
      byte[] to,
      boolean reverse,
      Path folder) {
    this.transaction = transaction;
    this.cursor = cursor;
    this.from = from;
    this.to = to;
    this.reverse = reverse;
    this.folder = folder;
  }

  /**
   * @param transaction ended with the walk
   */
  static XodusWalk open(
      Store rows, Transaction transaction, byte[] from, byte[] to, boolean reverse, Path folder) {
    try {
      return new XodusWalk(transaction, rows.openCursor(transaction), from, to, reverse, folder);
    } catch (RuntimeException e) { // the library throws of many types
      transaction.abort();
      throw Failures.of("walking over keys", folder, e);
    }
  }

  @Override
  public boolean advance() {
    try {
      if (!move()) {
        return false;
      }
      ByteIterable found = cursor.getKey();
      key = Arrays.copyOf(found.getBytesUnsafe(), found.getLength());
      value = CheckedRow.value(key, cursor.getValue(), folder);
      return reverse ? Arrays.compareUnsigned(key, from) >= 0 : Arrays.compareUnsigned(key, to) < 0;
    } catch (MillraceException e) {
      throw e;
    } catch (RuntimeException e) { // the library throws of many types
      throw Failures.of("walking over keys", folder, e);
    }
  }

  private boolean move() {
    if (begun) {
      return reverse ? cursor.getPrev() : cursor.getNext();
    }
    begun = true;
    boolean found = cursor.getSearchKeyRange(new ArrayByteIterable(reverse ? to : from)) != null;
    if (!reverse) {
      return found;
    }
    return found ? cursor.getPrev() : cursor.getLast();
  }

  @Override
  public byte[] key() {
    return key;
  }

  @Override
  public byte[] value() {
    return value;
  }

  @Override
  public void close() {
    cursor.close();
    transaction.abort();
  }
}
