package io.millrace.tck.faults;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One thing that happens to one file. */
record Damage(Kind kind, Path file, int at, int length) {
  /** What happens. */
  enum Kind {
    /** One bit is another. */
    FLIP,
    /** A stretch reads as zeros. */
    ZEROS,
    /** Everything from there on is gone. */
    CUT,
    /** The file is gone. */
    REMOVAL,
    /** Something stands behind the end. */
    APPENDAGE
  }

  private static final int SECTOR_BYTES = 512;

  /** A damage of this kind, in a file of so many bytes; at its beginning, end, or anywhere. */
  static Damage of(Kind kind, Path file, int bytes, RandomGenerator random) {
    int at =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(Math.min(bytes, 64));
          case 1 -> bytes - 1 - random.nextInt(Math.min(bytes, 64));
          default -> random.nextInt(bytes);
        };
    return switch (kind) {
      case ZEROS -> new Damage(kind, file, at / SECTOR_BYTES * SECTOR_BYTES, SECTOR_BYTES);
      case APPENDAGE -> new Damage(kind, file, bytes, 1 + random.nextInt(40));
      default -> new Damage(kind, file, at, 1 + random.nextInt(8));
    };
  }

  /** The file afterwards; null when it is gone. */
  byte @Nullable [] appliedTo(byte[] content) {
    byte[] changed = content.clone();
    switch (kind) {
      case FLIP -> changed[at] ^= (byte) (1 << (length - 1));
      case ZEROS -> Arrays.fill(changed, at, Math.min(at + length, changed.length), (byte) 0);
      case CUT -> changed = Arrays.copyOf(changed, at);
      case APPENDAGE -> {
        changed = Arrays.copyOf(changed, at + length);
        Arrays.fill(changed, at, changed.length, (byte) 0x5a);
      }
      case REMOVAL -> {
        return null;
      }
    }
    return changed;
  }
}
