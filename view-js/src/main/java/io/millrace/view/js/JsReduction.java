package io.millrace.view.js;

import io.millrace.view.index.StoredRow;
import io.millrace.view.index.reduce.Reduction;
import io.millrace.view.index.reduce.ReductionFailedException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A reduction by a function while it is made. Rows are gathered until they are many, then reduced;
 * what was reduced is gathered until it is much, then reduced again. Where that happens depends on
 * the rows and reductions alone.
 */
final class JsReduction implements Reduction {
  private static final int MOST_ROWS = 512;
  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_PARTIALS = 64;
  private static final byte[] NULL = ascii("null");

  private final JsReducer reducer;
  private final ByteArrayOutputStream keys = new ByteArrayOutputStream();
  private final ByteArrayOutputStream values = new ByteArrayOutputStream();
  private final List<byte[]> partials = new ArrayList<>();
  private int rows;
  private long partialBytes;
  private @Nullable String failure;

  JsReduction(JsReducer reducer) {
    this.reducer = reducer;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void add(StoredRow row) {
    requireSound();
    if (rows++ > 0) {
      keys.write(',');
      values.write(',');
    }
    byte[] json = row.json();
    keys.write('[');
    keys.write(json, row.keyStart(), row.keyEnd() - row.keyStart());
    keys.writeBytes(ascii(",\""));
    keys.writeBytes(MapChunk.quoted(row.documentId()));
    keys.writeBytes(ascii("\"]"));
    values.write(json, row.valueStart(), json.length - row.valueStart());
    if (rows == MOST_ROWS || keys.size() + values.size() >= MOST_BYTES) {
      reduceRows();
    }
  }

  @Override
  public void merge(byte[] partial) {
    requireSound();
    reduceRows();
    gather(partial);
  }

  private void gather(byte[] partial) {
    partials.add(partial);
    partialBytes += partial.length;
    if (partials.size() > 1 && (partials.size() == MOST_PARTIALS || partialBytes >= MOST_BYTES)) {
      reducePartials();
    }
  }

  private void reduceRows() {
    if (rows > 0) {
      JsReducer.Result result = reducer.run(rowTask());
      clearRows();
      gather(require(result));
    }
  }

  private void clearRows() {
    rows = 0;
    keys.reset();
    values.reset();
  }

  private void reducePartials() {
    JsReducer.Result result = reducer.run(partialTask());
    partials.clear();
    partialBytes = 0;
    byte[] partial = require(result);
    partials.add(partial);
    partialBytes = partial.length;
  }

  private byte[] require(JsReducer.Result result) {
    if (result.failed()) {
      failure = result.text();
    }
    requireSound();
    return result.text().getBytes(StandardCharsets.UTF_8);
  }

  private void requireSound() {
    if (failure != null) {
      throw new ReductionFailedException("the reduce function failed: " + failure);
    }
  }

  private byte[] rowTask() {
    ByteArrayOutputStream task = new ByteArrayOutputStream(keys.size() + values.size() + 8);
    task.writeBytes(ascii("[["));
    task.writeBytes(keys.toByteArray());
    task.writeBytes(ascii("],["));
    task.writeBytes(values.toByteArray());
    task.writeBytes(ascii("]]"));
    return task.toByteArray();
  }

  private byte[] partialTask() {
    ByteArrayOutputStream task = new ByteArrayOutputStream((int) partialBytes + 128);
    for (byte[] partial : partials) {
      task.writeBytes(ascii(task.size() == 0 ? "[[" : ","));
      task.writeBytes(partial);
    }
    task.writeBytes(ascii("]]"));
    return task.toByteArray();
  }

  /** What is left to do, if that is one task whose result is the reduction; else null. */
  byte @Nullable [] soleTask() {
    if (rows > 0) {
      return partials.isEmpty() ? rowTask() : null;
    }
    return partials.size() > 1 ? partialTask() : null;
  }

  /** Takes the result of {@link #soleTask}. A failure is kept for when the reduction is asked. */
  void take(JsReducer.Result result) {
    clearRows();
    partials.clear();
    partialBytes = 0;
    if (result.failed()) {
      failure = result.text();
    } else {
      partials.add(result.text().getBytes(StandardCharsets.UTF_8));
    }
  }

  @Override
  public byte[] partial() {
    requireSound();
    reduceRows();
    if (partials.size() > 1) {
      reducePartials();
    }
    return partials.isEmpty() ? NULL : partials.get(0);
  }

  @Override
  public byte[] answer() {
    return partial();
  }
}
