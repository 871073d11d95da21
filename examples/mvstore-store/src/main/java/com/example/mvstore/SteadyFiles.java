package com.example.mvstore;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.disk.FilePathDisk;

/**
 * Files that stay open when a thread is interrupted while it uses one.
 *
 * <p>Millrace interrupts threads that compute views, and those read from the store. A {@link
 * FileChannel} of the JDK would be closed by that for everybody; a {@link RandomAccessFile} is not.
 */
final class SteadyFiles extends FilePathDisk {
  /** Stands before the names of such files. */
  static final String PREFIX = "steady:";

  /** Makes names that begin with {@link #PREFIX} known; doing so again does nothing. */
  static void register() {
    FilePath.register(new SteadyFiles());
  }

  @Override
  public String getScheme() {
    return PREFIX.substring(0, PREFIX.length() - 1);
  }

  @Override
  public FilePathDisk getPath(String path) {
    SteadyFiles file = new SteadyFiles();
    file.name = path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : path;
    return file;
  }

  @Override
  public FileChannel open(String mode) throws IOException {
    return new SteadyFile(new RandomAccessFile(name, mode));
  }

  /** One open file; its position is moved by whoever holds its monitor. */
  private static final class SteadyFile extends FileBaseDefault {
    private final RandomAccessFile file;

    SteadyFile(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public synchronized int read(ByteBuffer into, long position) throws IOException {
      byte[] bytes = new byte[into.remaining()];
      file.seek(position);
      int read = file.read(bytes);
      if (read > 0) {
        into.put(bytes, 0, read);
      }
      return read;
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) throws IOException {
      byte[] bytes = new byte[from.remaining()];
      from.get(bytes);
      if (position == 0) {
        force(false); // the header names a chunk, which has to be on disk before it
      }
      file.seek(position);
      file.write(bytes);
      return bytes.length;
    }

    @Override
    public synchronized long size() throws IOException {
      return file.length();
    }

    @Override
    protected synchronized void implTruncate(long size) throws IOException {
      file.setLength(size);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      file.getFD().sync();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.getChannel().tryLock(position, size, shared);
    }

    @Override
    protected synchronized void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
