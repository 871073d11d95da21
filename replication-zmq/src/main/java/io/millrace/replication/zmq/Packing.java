package io.millrace.replication.zmq;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import org.jspecify.annotations.Nullable;

/**
 * Compresses frames with Zstandard, if they get shorter by it, and reads them again. For one
 * thread.
 */
final class Packing implements AutoCloseable {
  static final byte AS_IS = 0;
  static final byte ZSTD = 1;

  /** Shorter frames gain nothing. */
  private static final int LEAST_BYTES = 512;

  /** The quickest of the usual levels: links are local networks, and processors are busy. */
  private static final int LEVEL = 1;

  private final int maxFrameBytes;
  private final @Nullable ZstdCompressCtx compressor;
  private final @Nullable ZstdDecompressCtx decompressor;

  /**
   * A frame as it travels.
   *
   * @param bytes the first {@code length} of them count
   */
  record Packed(byte form, byte[] bytes, int length, int rawLength) {}

  Packing(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
    if (NativeLibrary.isLoaded()) {
      compressor = new ZstdCompressCtx().setLevel(LEVEL);
      decompressor = new ZstdDecompressCtx();
    } else {
      compressor = null;
      decompressor = null;
    }
  }

  /** Whether compressed frames can be read here. */
  boolean knowsZstd() {
    return decompressor != null;
  }

  Packed pack(byte[] frame, boolean otherKnowsZstd) {
    if (compressor != null && otherKnowsZstd && frame.length >= LEAST_BYTES) {
      byte[] shorter = new byte[Math.toIntExact(Zstd.compressBound(frame.length))];
      int length = compressor.compressByteArray(shorter, 0, shorter.length, frame, 0, frame.length);
      if (length < frame.length - frame.length / 16) {
        return new Packed(ZSTD, shorter, length, frame.length);
      }
    }
    return new Packed(AS_IS, frame, frame.length, frame.length);
  }

  /**
   * What a frame was before it was packed.
   *
   * @throws Violation when it was not packed by anybody who keeps to the protocol
   */
  byte[] unpack(byte form, byte[] bytes, int rawLength) {
    if (rawLength < 0 || rawLength > maxFrameBytes) {
      throw new Violation("a frame of " + rawLength + " bytes, of which none is allowed");
    }
    if (form == AS_IS && bytes.length == rawLength) {
      return bytes;
    }
    if (form != ZSTD || decompressor == null) {
      throw new Violation("a frame in the form " + form);
    }
    byte[] frame = new byte[rawLength];
    try {
      int length = decompressor.decompressByteArray(frame, 0, rawLength, bytes, 0, bytes.length);
      if (length != rawLength) {
        throw new Violation("a frame that is shorter than it says");
      }
    } catch (ZstdException e) {
      throw new Violation("a frame that cannot be decompressed");
    }
    return frame;
  }

  @Override
  public void close() {
    if (compressor != null && decompressor != null) {
      compressor.close();
      decompressor.close();
    }
  }
}
