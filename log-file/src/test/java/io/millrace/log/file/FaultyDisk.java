package io.millrace.log.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts what is done to change a disk, and fails or forgets some of it. */
final class FaultyDisk implements Disk {
  /** The ways to change something. */
  enum Step {
    CREATE,
    RENAME,
    LINK,
    DELETE,
    FORCE_FOLDER,
    WRITE,
    FORCE,
    TRUNCATE
  }

  /** How a step fails. */
  enum Fault {
    /** Nothing of it happens. */
    NOTHING_DONE,
    /** Of a write, the first half happens. */
    HALF_DONE,
    /** All of it happens, and yet it fails. */
    ALL_DONE,
    /** Half of a write happens, for lack of space; other steps have what they need. */
    DISK_FULL
  }

  /** A change of the disk. */
  private interface Change {
    void make() throws IOException;
  }

  private final Disk disk;
  private final List<Step> steps = new ArrayList<>();
  private final List<Closeable> open = new ArrayList<>();
  private int failAt = Integer.MAX_VALUE;
  private Fault fault = Fault.NOTHING_DONE;
  private boolean forgetsToForce;
  private @Nullable Path notLinked;
  private boolean dead;

  FaultyDisk(Disk disk) {
    this.disk = disk;
  }

  /** Fails the step with this number, counted from 0, and all that follow it. */
  synchronized FaultyDisk failFrom(int step, Fault how) {
    failAt = step;
    fault = how;
    return this;
  }

  /** Says that files are forced without forcing them. */
  synchronized FaultyDisk forgettingToForce() {
    forgetsToForce = true;
    return this;
  }

  /** Makes no links to files in {@code folder}, as if it were on another file system. */
  synchronized FaultyDisk notLinking(Path folder) {
    notLinked = folder;
    return this;
  }

  /** The steps so far. */
  synchronized List<Step> steps() {
    return List.copyOf(steps);
  }

  /** Ends the process: nothing happens any more, and what it held is released. */
  synchronized void kill() throws IOException {
    dead = true;
    for (Closeable one : open) {
      one.close();
    }
  }

  private synchronized void alive() throws IOException {
    if (dead) {
      throw new IOException("the process is dead");
    }
  }

  private synchronized <C extends Closeable> C opened(C file) {
    open.add(file);
    return file;
  }

  private synchronized void change(Step step, Change whole, @Nullable Change half)
      throws IOException {
    alive();
    int number = steps.size();
    steps.add(step);
    if (number < failAt) {
      whole.make();
      return;
    }
    switch (fault) {
      case NOTHING_DONE -> {}
      case ALL_DONE -> whole.make();
      case HALF_DONE -> {
        if (half != null) {
          half.make();
        }
      }
      case DISK_FULL -> {
        if (half == null) {
          whole.make();
          return;
        }
        half.make();
        throw new IOException("No space left on device");
      }
    }
    throw new IOException("step " + number + " (" + step + ") fails");
  }

  @Override
  public void createFolder(Path folder) throws IOException {
    disk.createFolder(folder);
  }

  @Override
  public List<String> list(Path folder) throws IOException {
    alive();
    return disk.list(folder);
  }

  @Override
  public DiskFile openForReading(Path file) throws IOException {
    alive();
    return opened(new Handle(disk.openForReading(file)));
  }

  @Override
  public DiskFile openForWriting(Path file) throws IOException {
    alive();
    return opened(new Handle(disk.openForWriting(file)));
  }

  @Override
  public DiskFile create(Path file) throws IOException {
    change(Step.CREATE, () -> disk.create(file).close(), null);
    return openForWriting(file);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    change(Step.RENAME, () -> disk.rename(from, to), null);
  }

  @Override
  public boolean link(Path from, Path to) throws IOException {
    if (notLinked != null && from.startsWith(notLinked)) {
      return false;
    }
    boolean[] linked = new boolean[1];
    change(Step.LINK, () -> linked[0] = disk.link(from, to), null);
    return linked[0];
  }

  @Override
  public void delete(Path file) throws IOException {
    change(Step.DELETE, () -> disk.delete(file), null);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    change(Step.FORCE_FOLDER, () -> disk.forceFolder(folder), null);
  }

  @Override
  public Closeable lock(Path folder) throws IOException {
    return opened(disk.lock(folder));
  }

  private final class Handle implements DiskFile {
    private final DiskFile file;

    Handle(DiskFile file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      alive();
      return file.read(into, position);
    }

    @Override
    public void write(ByteBuffer from, long position) throws IOException {
      ByteBuffer half = from.duplicate();
      half.limit(half.position() + half.remaining() / 2);
      change(Step.WRITE, () -> file.write(from, position), () -> file.write(half, position));
    }

    @Override
    public void force() throws IOException {
      change(Step.FORCE, forgetsToForce ? () -> {} : file::force, null);
    }

    @Override
    public void truncate(long size) throws IOException {
      change(Step.TRUNCATE, () -> file.truncate(size), null);
    }

    @Override
    public long size() throws IOException {
      alive();
      return file.size();
    }

    @Override
    public ByteBuffer map() throws IOException {
      alive();
      return file.map();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
