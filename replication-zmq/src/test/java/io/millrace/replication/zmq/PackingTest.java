package io.millrace.replication.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.tck.Seed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames are compressed if they gain by it, and come back as they were. */
final class PackingTest {
  private static final int MAX_FRAME_BYTES = 100_000;

  private final Packing packing = loaded();

  private static Packing loaded() {
    NativeLibrary.load();
    return new Packing(MAX_FRAME_BYTES);
  }

  @AfterEach
  void close() {
    packing.close();
  }

  private byte[] unpack(Packing.Packed packed) {
    return packing.unpack(
        packed.form(), Arrays.copyOf(packed.bytes(), packed.length()), packed.rawLength());
  }

  @Test
  void longFrameThatGainsIsCompressed() {
    byte[] frame = "the same words again and again ".repeat(1_000).getBytes();
    Packing.Packed packed = packing.pack(frame, true);
    assertThat(packed.form()).isEqualTo(Packing.ZSTD);
    assertThat(packed.length()).isLessThan(frame.length / 10);
    assertThat(unpack(packed)).isEqualTo(frame);
  }

  @Test
  void otherFramesAreNot() {
    byte[] random = new byte[10_000];
    Seed.next().random().nextBytes(random);
    assertThat(packing.pack(random, true).form()).isEqualTo(Packing.AS_IS);
    assertThat(packing.pack(new byte[100], true).form()).isEqualTo(Packing.AS_IS);
    assertThat(packing.pack(new byte[10_000], false).form()).isEqualTo(Packing.AS_IS);
  }

  @Test
  void frameThatSaysThatItWasLongerThanAllowedIsRefused() {
    Packing.Packed packed = packing.pack(new byte[10_000], true);
    byte[] bytes = Arrays.copyOf(packed.bytes(), packed.length());
    for (int claimed : new int[] {-1, MAX_FRAME_BYTES + 1, Integer.MAX_VALUE, 9_999, 10_001}) {
      assertThatThrownBy(() -> packing.unpack(Packing.ZSTD, bytes, claimed))
          .as("%s", claimed)
          .isInstanceOf(Violation.class);
    }
  }

  @Test
  void changedBytesAreRefusedOrGiveAFrameOfTheSameLength() {
    Seed seed = Seed.next();
    Random random = seed.random();
    byte[] frame = "the same words again and again ".repeat(100).getBytes();
    Packing.Packed packed = packing.pack(frame, true);
    for (int i = 0; i < 2_000; i++) {
      byte[] bytes = Arrays.copyOf(packed.bytes(), packed.length());
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
      try {
        assertThat(packing.unpack(Packing.ZSTD, bytes, frame.length))
            .as("%s", seed)
            .hasSameSizeAs(frame);
      } catch (Violation e) {
        assertThat(e).hasMessageContaining("frame");
      }
    }
  }
}
