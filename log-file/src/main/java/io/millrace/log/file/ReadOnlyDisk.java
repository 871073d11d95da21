package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * A disk that is only read. What recovery would take away is reported and stays; nothing is made,
 * and appends fail. Nobody is kept out.
 */
final class ReadOnlyDisk implements Disk {
  private final Disk disk;
  private final Consumer<String> repairs;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /**
   * @param repairs is told once of each thing that would have been changed
   */
  ReadOnlyDisk(Disk disk, Consumer<String> repairs) {
    this.disk = disk;
    this.repairs = repairs;
  }

  private void report(String repair) {
    if (reported.add(repair)) {
      repairs.accept(repair);
    }
  }

  private static IOException refused(Path file) {
    return new IOException(file + " is opened for reading alone");
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    disk.list(folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public DiskFile openForReading(Path file) throws IOException {
    return disk.openForReading(file);
  }

  @Override
  public DiskFile openForWriting(Path file) throws IOException {
    return new ReadOnlyFile(file, disk.openForReading(file));
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    throw refused(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    throw refused(from);
  }

  @Override
  public boolean link(Path from, Path to) throws IOException {
    return disk.link(from, to);
  }

  @Override
  public void delete(Path file) {
    report(file + ": never finished, to be deleted");
  }

  @Override
  public void forceFolder(Path folder) {}

  @Override
  public Closeable lock(Path folder) {
    return () -> {};
  }

  private final class ReadOnlyFile implements DiskFile {
    private final Path path;
    private final DiskFile file;

    ReadOnlyFile(Path path, DiskFile file) {
      this.path = path;
      this.file = file;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      throw refused(path);
    }

    @Override
    public void force() {}

    @Override
    public void truncate(long size) throws IOException {
      if (size < file.size()) {
        report(
            Place.in(path, size)
                + ": "
                + (file.size() - size)
                + " bytes behind the last whole batch, to be cut off");
      }
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public ByteBuffer map() throws IOException {
      return file.map();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
