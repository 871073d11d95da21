package io.millrace.view.index.reduce;

import io.millrace.api.error.CorruptionException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Reads partial reductions, and the numbers in them. */
final class Partials {
  private Partials() {}

  /** Gives {@code reading} the whole of {@code partial}. */
  static void read(byte[] partial, Consumer<ByteBuffer> reading) {
    try {
      ByteBuffer in = ByteBuffer.wrap(partial);
      reading.accept(in);
      if (!in.hasRemaining()) {
        return;
      }
    } catch (BufferUnderflowException | NegativeArraySizeException | NumberFormatException e) {
      throw new CorruptionException("row index", "a partial reduction is damaged", e);
    }
    throw new CorruptionException("row index", "a partial reduction is too long");
  }

  /** A number as scale and unscaled value, each without needless zeros. */
  static byte[] write(BigDecimal number) {
    BigDecimal stripped = number.stripTrailingZeros();
    byte[] unscaled = stripped.unscaledValue().toByteArray();
    return ByteBuffer.allocate(2 * Short.BYTES + unscaled.length)
        .putShort((short) stripped.scale())
        .putShort((short) unscaled.length)
        .put(unscaled)
        .array();
  }

  /** A number that {@link #write} wrote. */
  static BigDecimal decimal(ByteBuffer in) {
    int scale = in.getShort();
    byte[] unscaled = new byte[in.getShort()];
    in.get(unscaled);
    return new BigDecimal(new BigInteger(unscaled), scale);
  }
}
