package io.millrace.log.file;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that knows what was forced and loses the rest when the power fails. After that,
 * every handle opened before is dead.
 */
final class MemoryDisk implements Disk {
  /** What becomes of that which was not forced. */
  enum Unforced {
    KEPT,
    LOST,
    /** Each sector by itself, as it happens. */
    TORN,
    /**
     * Some sectors of some writes, some names and some cuts, in any order, however often a place
     * was written; and a file that grew may be shorter.
     */
    REORDERED
  }

  private static final int SECTOR_BYTES = 512;

  /** A write of at most one sector, or, without bytes, a cut. */
  private record Edit(int at, byte @Nullable [] bytes) {
    byte[] appliedTo(byte[] content) {
      if (bytes == null) {
        return Arrays.copyOf(content, Math.min(at, content.length));
      }
      byte[] changed = Arrays.copyOf(content, Math.max(content.length, at + bytes.length));
      System.arraycopy(bytes, 0, changed, at, bytes.length);
      return changed;
    }
  }

  private static final class Content {
    byte[] now = new byte[0];
    byte[] durable = new byte[0];

    /** From {@link #durable} to {@link #now}. */
    final List<Edit> edits = new ArrayList<>();

    void edit(Edit edit) {
      now = edit.appliedTo(now);
      edits.add(edit);
    }

    void force() {
      durable = now.clone();
      edits.clear();
    }
  }

  /** A change of the names of files. */
  private interface Naming {
    void applyTo(Map<Path, Content> names);
  }

  private final Map<Path, Content> files = new TreeMap<>();
  private final Map<Path, Content> durableFiles = new TreeMap<>();
  private final List<Naming> namings = new ArrayList<>();
  private final Set<Path> locked = new HashSet<>();
  private long life;
  private int openFiles;

  /** Fails the power. */
  synchronized void crash(Unforced unforced, Random random) {
    life++;
    openFiles = 0;
    locked.clear();
    if (unforced == Unforced.REORDERED) {
      files.clear();
      files.putAll(durableFiles);
      namings.stream().filter(naming -> random.nextBoolean()).forEach(one -> one.applyTo(files));
    } else if (unforced == Unforced.LOST || (unforced == Unforced.TORN && random.nextBoolean())) {
      files.clear();
      files.putAll(durableFiles);
    }
    for (Content content : files.values()) {
      content.now =
          switch (unforced) {
            case KEPT -> content.now;
            case LOST -> content.durable.clone();
            case TORN -> torn(content, random);
            case REORDERED -> reordered(content, random);
          };
      content.force();
    }
    rememberNames();
  }

  private void rememberNames() {
    namings.clear();
    durableFiles.clear();
    durableFiles.putAll(files);
  }

  private void name(Naming naming) {
    naming.applyTo(files);
    namings.add(naming);
  }

  private static byte[] reordered(Content content, Random random) {
    int ofTen = random.nextInt(11);
    List<Edit> kept = new ArrayList<>(content.edits);
    kept.removeIf(edit -> random.nextInt(10) >= ofTen);
    Collections.shuffle(kept, random);
    byte[] result = content.durable.clone();
    for (Edit edit : kept) {
      result = edit.appliedTo(result);
    }
    int grown = result.length - content.durable.length;
    return grown > 0 && random.nextInt(3) == 0
        ? Arrays.copyOf(result, content.durable.length + random.nextInt(grown))
        : result;
  }

  private static byte[] torn(Content content, Random random) {
    int size = random.nextBoolean() ? content.now.length : content.durable.length;
    byte[] result = new byte[size];
    for (int at = 0; at < size; at += SECTOR_BYTES) {
      byte[] source = random.nextBoolean() ? content.now : content.durable;
      int end = Math.min(Math.min(at + SECTOR_BYTES, size), source.length);
      if (at < end) {
        System.arraycopy(source, at, result, at, end - at);
      }
    }
    return result;
  }

  /** The bytes of a file as a process sees them. */
  synchronized byte[] bytes(Path file) {
    return files.get(file).now.clone();
  }

  /** Replaces the bytes of a file, durably. */
  synchronized void replace(Path file, byte[] bytes) {
    Content content = files.computeIfAbsent(file, path -> new Content());
    content.now = bytes.clone();
    content.force();
    durableFiles.put(file, content);
  }

  /** Every file with its bytes. */
  synchronized Map<Path, byte[]> allBytes() {
    Map<Path, byte[]> all = new TreeMap<>();
    files.forEach((file, content) -> all.put(file, content.now.clone()));
    return all;
  }

  /** A disk with these files, all of them durable. */
  static MemoryDisk of(Map<Path, byte[]> files) {
    MemoryDisk disk = new MemoryDisk();
    files.forEach(disk::replace);
    return disk;
  }

  synchronized int openFiles() {
    return openFiles;
  }

  @Override
  public void createFolder(Path folder) {}

  @Override
  public synchronized List<String> list(Path folder) {
    return files.keySet().stream().map(file -> String.valueOf(file.getFileName())).toList();
  }

  @Override
  public synchronized DiskFile openForReading(Path file) throws IOException {
    Content content = files.get(file);
    if (content == null) {
      throw new FileNotFoundException(file.toString());
    }
    return new Handle(content);
  }

  @Override
  public DiskFile openForWriting(Path file) throws IOException {
    return openForReading(file);
  }

  @Override
  public synchronized DiskFile create(Path file) {
    Content content = new Content();
    name(names -> names.put(file, content));
    return new Handle(content);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    Content content = files.get(from);
    if (content == null) {
      throw new FileNotFoundException(from.toString());
    }
    name(
        names -> {
          names.remove(from);
          names.put(to, content);
        });
  }

  @Override
  public synchronized boolean link(Path from, Path to) {
    return false;
  }

  @Override
  public synchronized void delete(Path file) {
    name(names -> names.remove(file));
  }

  @Override
  public synchronized void forceFolder(Path folder) {
    rememberNames();
  }

  @Override
  public synchronized Closeable lock(Path folder) {
    if (!locked.add(folder)) {
      throw new OverlappingFileLockException();
    }
    long mine = life;
    return () -> unlock(folder, mine);
  }

  private synchronized void unlock(Path folder, long when) {
    if (when == life) {
      locked.remove(folder);
    }
  }

  private final class Handle implements DiskFile {
    private final long born = life;
    private @Nullable Content content;

    Handle(Content content) {
      this.content = content;
      openFiles++;
    }

    private Content content() throws IOException {
      if (born != life) {
        throw new IOException("the power failed");
      }
      Content open = content;
      if (open == null) {
        throw new ClosedChannelException();
      }
      return open;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        byte[] now = content().now;
        if (position >= now.length) {
          return -1;
        }
        int length = (int) Math.min(into.remaining(), now.length - position);
        into.put(now, (int) position, length);
        return length;
      }
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      synchronized (MemoryDisk.this) {
        Content open = content();
        for (int at = (int) position; from.hasRemaining(); ) {
          int inSector = SECTOR_BYTES - at % SECTOR_BYTES;
          byte[] bytes = new byte[Math.min(inSector, from.remaining())];
          from.get(bytes);
          open.edit(new Edit(at, bytes));
          at += bytes.length;
        }
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (MemoryDisk.this) {
        content().force();
      }
    }

    @Override
    public void truncate(long size) throws IOException {
      synchronized (MemoryDisk.this) {
        content().edit(new Edit((int) size, null));
      }
    }

    @Override
    public long size() throws IOException {
      synchronized (MemoryDisk.this) {
        return content().now.length;
      }
    }

    @Override
    public ByteBuffer map() throws IOException {
      synchronized (MemoryDisk.this) {
        return ByteBuffer.wrap(content().now.clone()).asReadOnlyBuffer();
      }
    }

    @Override
    public void close() {
      synchronized (MemoryDisk.this) {
        if (content != null && born == life) {
          openFiles--;
        }
        content = null;
      }
    }
  }
}
