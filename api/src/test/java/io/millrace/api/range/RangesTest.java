package io.millrace.api.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.InvalidRequestException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RangesTest {
  @Test
  void boundsNarrowAndNeverWiden() {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      SequenceRange range = SequenceRange.all();
      LongStream model = LongStream.rangeClosed(1, 20);
      for (int step = 0; step < 3; step++) {
        long bound = random.nextInt(26) - 3;
        switch (random.nextInt(4)) {
          case 0 -> {
            range = range.gt(bound);
            model = model.filter(at -> at > bound);
          }
          case 1 -> {
            range = range.gte(bound);
            model = model.filter(at -> at >= bound);
          }
          case 2 -> {
            range = range.lt(bound);
            model = model.filter(at -> at < bound);
          }
          default -> {
            range = range.lte(bound);
            model = model.filter(at -> at <= bound);
          }
        }
      }
      SequenceRange made = range;
      long[] expected = model.toArray();
      assertThat(LongStream.rangeClosed(1, 20).filter(made::contains).toArray())
          .as("-Dmillrace.test.seed=%s, range %s", seed, made)
          .isEqualTo(expected);
      if (made.isEmpty()) {
        assertThat(expected).isEmpty();
      }
    }
  }

  @Test
  void extremeBoundsDoNotOverflow() {
    assertThat(SequenceRange.after(Long.MAX_VALUE).isEmpty()).isTrue();
    assertThat(SequenceRange.all().lt(Long.MIN_VALUE).isEmpty()).isTrue();
    assertThat(SequenceRange.all().lt(0).isEmpty()).isTrue();
    assertThat(SequenceRange.all().gte(Long.MIN_VALUE)).isEqualTo(SequenceRange.all());
    assertThat(SequenceRange.after(0)).isEqualTo(SequenceRange.all());
    assertThat(SequenceRange.all().limited(0).isEmpty()).isTrue();
    assertThatThrownBy(() -> SequenceRange.all().limited(-1))
        .isInstanceOf(InvalidRequestException.class);
    assertThat(SequenceRange.all().reversed(true).limited(3))
        .isEqualTo(new SequenceRange(1, Long.MAX_VALUE, true, 3));
  }

  @Test
  void aPrefixRangeHoldsExactlyTheKeysWithThePrefix() {
    long seed = Long.getLong("millrace.test.seed", ThreadLocalRandom.current().nextLong());
    Random random = new Random(seed);
    for (int i = 0; i < 5_000; i++) {
      byte[] prefix = bytes(random);
      byte[] key = bytes(random);
      boolean begins =
          key.length >= prefix.length && Arrays.equals(prefix, Arrays.copyOf(key, prefix.length));
      assertThat(KeyRange.prefix(prefix).contains(key))
          .as("-Dmillrace.test.seed=%s: %s in %s", seed, key, prefix)
          .isEqualTo(begins);
    }
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(4)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) List.of(0, 1, 0x7f, 0xfe, 0xff).get(random.nextInt(5)).intValue();
    }
    return bytes;
  }

  @Test
  void keyBoundsAreUnsignedAndHalfOpen() {
    KeyRange range = KeyRange.between(new byte[] {1}, new byte[] {(byte) 0x80});
    assertThat(range.contains(new byte[] {1})).isTrue();
    assertThat(range.contains(new byte[] {0x7f, (byte) 0xff})).isTrue();
    assertThat(range.contains(new byte[] {(byte) 0x80})).isFalse();
    assertThat(range.contains(new byte[0])).isFalse();
    assertThat(range.isEmpty()).isFalse();
    assertThat(KeyRange.between(new byte[] {2}, new byte[] {2}).isEmpty()).isTrue();
    assertThat(KeyRange.successorOfPrefix(new byte[] {1, (byte) 0xff})).containsExactly(2);
    assertThat(KeyRange.successorOfPrefix(new byte[] {(byte) 0xff})).isNull();
    assertThat(range).isEqualTo(KeyRange.between(new byte[] {1}, new byte[] {(byte) 0x80}));
    assertThat(range).isNotEqualTo(range.reversed(true));
  }
}
