package io.millrace.view.index.reduce;

import com.dynatrace.hash4j.distinctcount.HyperLogLog;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.api.error.CorruptionException;
import io.millrace.view.index.JsonCollation;
import io.millrace.view.index.StoredRow;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How many different values there are, by HyperLogLog (Flajolet et al., 2007); null is passed over.
 * Values are different when they have different places in the order of keys.
 *
 * <p>Up to {@value #MOST_TOKENS} values are kept as tokens, 32 bits of their hashes, in order:
 * their number is the answer. More are kept as 4,096 registers, whose estimate has a standard error
 * of 1.6 %. Both depend on the set of the hashes alone.
 */
final class DistinctReducer implements Reducer {
  private static final int MOST_TOKENS = 256;
  private static final int PRECISION = 12;
  private static final byte TOKENS = 0;
  private static final byte REGISTERS = 1;
  private static final Hasher64 HASH = Hashing.xxh3_64();

  @Override
  public @Nullable String refusal(StoredRow row) {
    return ExtremeReducer.refusalToCompare(row);
  }

  @Override
  public Reduction begin() {
    return new Distinct();
  }

  private static final class Distinct implements Reduction {
    /** The first are in order and different once {@link #tidy} was called. */
    private int[] tokens = new int[16];

    private int count;
    private @Nullable HyperLogLog registers;

    @Override
    public void add(StoredRow row) {
      if (row.isNull()) {
        return;
      }
      byte[] collated = JsonCollation.encode(row.json(), row.valueStart(), row.json().length);
      long hash = HASH.hashBytesToLong(collated);
      if (registers != null) {
        registers.add(hash);
      } else {
        add(HyperLogLog.computeToken(hash));
      }
    }

    private void add(int token) {
      if (registers != null) {
        registers.addToken(token);
        return;
      }
      if (count == 2 * MOST_TOKENS) {
        tidy();
        if (registers != null) {
          registers.addToken(token);
          return;
        }
      }
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * count);
      }
      tokens[count++] = token;
    }

    /** Takes out what is there twice; too many tokens become registers. */
    private void tidy() {
      Arrays.sort(tokens, 0, count);
      int different = 0;
      for (int i = 0; i < count; i++) {
        if (different == 0 || tokens[i] != tokens[different - 1]) {
          tokens[different++] = tokens[i];
        }
      }
      count = different;
      if (count > MOST_TOKENS) {
        HyperLogLog made = HyperLogLog.create(PRECISION);
        addTokensTo(made);
        registers = made;
      }
    }

    private void addTokensTo(HyperLogLog made) {
      for (int i = 0; i < count; i++) {
        made.addToken(tokens[i]);
      }
      count = 0;
    }

    @Override
    public void merge(byte[] partial) {
      Partials.read(partial, this::merge);
    }

    private void merge(ByteBuffer in) {
      byte kind = in.get();
      if (kind == TOKENS) {
        while (in.hasRemaining()) {
          add(in.getInt());
        }
        return;
      }
      byte[] state = new byte[in.remaining()];
      in.get(state);
      try {
        HyperLogLog other = HyperLogLog.wrap(state);
        if (other.getP() != PRECISION || kind != REGISTERS) {
          throw new IllegalArgumentException("another precision");
        }
        if (registers == null) {
          addTokensTo(other);
          registers = other;
        } else {
          registers.add(other);
        }
      } catch (IllegalArgumentException e) {
        throw new CorruptionException("row index", "a partial reduction is damaged", e);
      }
    }

    @Override
    public byte[] partial() {
      if (registers == null) {
        tidy();
      }
      if (registers != null) {
        byte[] state = registers.getState();
        return ByteBuffer.allocate(1 + state.length).put(REGISTERS).put(state).array();
      }
      ByteBuffer out = ByteBuffer.allocate(1 + count * Integer.BYTES).put(TOKENS);
      for (int i = 0; i < count; i++) {
        out.putInt(tokens[i]);
      }
      return out.array();
    }

    @Override
    public byte[] answer() {
      if (registers == null) {
        tidy();
      }
      long answer = registers == null ? count : Math.round(registers.getDistinctCountEstimate());
      return Long.toString(answer).getBytes(StandardCharsets.US_ASCII);
    }
  }
}
