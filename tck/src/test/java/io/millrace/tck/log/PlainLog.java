package io.millrace.tck.log;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.LogRewriting;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.SettableSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The least that is a log: a list. With a {@link Flaw} it is none. */
public final class PlainLog implements Log {
  private static final int MAX_RECORD_BYTES = 1 << 20;

  /** What outlives a log: a list of what was forced. */
  static final class Medium {
    Incarnation incarnation = new Incarnation(UUID.randomUUID());
    final List<byte[]> records = new ArrayList<>();
    final List<Integer> batchSizes = new ArrayList<>();
    long damaged;
  }

  private final Medium medium;
  private final Flaw flaw;
  private final List<byte[]> records;
  private final SettableSequence since;
  private volatile boolean closed;

  PlainLog(Medium medium, Flaw flaw) {
    this.medium = medium;
    this.flaw = flaw;
    this.records = new ArrayList<>(medium.records);
    this.since = new SettableSequence("the log", records.size());
    if (flaw == Flaw.CHANGES_ITS_INCARNATION) {
      medium.incarnation = new Incarnation(UUID.randomUUID());
    }
  }

  /** One that is right, in memory, with these records. */
  public static Log of(List<byte[]> records) {
    Medium medium = new Medium();
    medium.records.addAll(records);
    return new PlainLog(medium, Flaw.NONE);
  }

  boolean has(Flaw one) {
    return flaw == one;
  }

  @Override
  public Incarnation incarnation() {
    return medium.incarnation;
  }

  @Override
  public synchronized CompletionStage<Long> append(List<byte[]> batch) {
    checkOpen();
    if (batch.isEmpty() && !has(Flaw.TAKES_EMPTY_BATCHES)) {
      throw new InvalidRequestException("empty-batch", "a batch needs a record");
    }
    for (byte[] record : batch) {
      if (record.length > MAX_RECORD_BYTES) {
        throw new InvalidRequestException("record-too-large", "a record is too large");
      }
    }
    long last = records.size() + batch.size();
    CompletableFuture<Long> answer = new CompletableFuture<>();
    if (has(Flaw.MOVES_SINCE_TOO_EARLY)) {
      since.advance(last);
    }
    if (has(Flaw.ANSWERS_TOO_EARLY)) {
      // What hangs on the answer later runs at once, then; so it is made to hang on it here.
      CompletableFuture<Long> late = new CompletableFuture<>();
      Thread thread = new Thread(() -> store(batch), "storing");
      thread.setDaemon(true);
      late.complete(last);
      thread.start();
      return late;
    }
    store(batch);
    if (has(Flaw.REUSES_A_SEQUENCE) && last == 4) {
      last = 3;
    }
    answer.complete(last);
    return answer;
  }

  private synchronized void store(List<byte[]> batch) {
    boolean first = has(Flaw.REORDERS_APPENDS) && records.size() > 2;
    records.addAll(first ? 0 : records.size(), batch);
    if (!has(Flaw.FORGETS_TO_FORCE)) {
      force(first ? 0 : medium.records.size(), batch);
    }
    since.advance(records.size());
  }

  private void force(int at, List<byte[]> batch) {
    medium.records.addAll(at, batch);
    medium.batchSizes.add(batch.size());
  }

  @Override
  public int maxRecordBytes() {
    checkOpen();
    return MAX_RECORD_BYTES;
  }

  @Override
  public ObservableSequence since() {
    checkOpen();
    return since;
  }

  SettableSequence durable() {
    return since;
  }

  @Override
  public byte[] read(long sequence) {
    checkOpen();
    return at(sequence);
  }

  synchronized byte[] at(long sequence) {
    if (sequence < 1 || sequence > records.size()) {
      throw new NotFoundException("no-such-record", "there is no record " + sequence);
    }
    if (sequence == medium.damaged && !has(Flaw.SERVES_DAMAGED_RECORDS)) {
      throw new CorruptionException("record " + sequence, "is damaged");
    }
    byte[] record = records.get((int) sequence - 1);
    if (has(Flaw.SHARES_ITS_ARRAYS)) {
      return record;
    }
    record = record.clone();
    if (sequence == medium.damaged) {
      record[0] ^= 1;
    }
    return record;
  }

  @Override
  public LogCursor read(SequenceRange range) {
    checkOpen();
    long last = Math.min(range.last(), since.value());
    return new PlainCursor(this, range, last, false);
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    checkOpen();
    if (range.reverse()) {
      throw new InvalidRequestException("invalid-range", "a live range cannot be reversed");
    }
    return new PlainCursor(this, range, range.last(), true);
  }

  @Override
  public synchronized void rewrite(long last, LogRewriting rewriting) {
    checkOpen();
    List<byte[]> rewritten = new ArrayList<>(records);
    long end = has(Flaw.REWRITES_TOO_MUCH) ? records.size() : Math.min(last, records.size());
    for (int i = 0; i < end; i++) {
      rewritten.set(i, rewriting.keep(i + 1L, records.get(i)));
      rewriting.worked(records.get(i).length, 0);
    }
    for (int i = 0; i < end; i++) {
      records.set(i, rewritten.get(i));
      if (!has(Flaw.FORGETS_REWRITINGS)) {
        medium.records.set(i, rewritten.get(i));
      }
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (has(Flaw.FORGETS_TO_FORCE)) {
      medium.records.clear();
      force(0, records);
    }
    if (has(Flaw.FORGETS_THE_LAST_RECORD_ON_CLOSING) && !medium.records.isEmpty()) {
      medium.records.remove(medium.records.size() - 1);
    }
    if (!has(Flaw.NEVER_ENDS_LIVE_CURSORS)) {
      since.close();
    }
    if (has(Flaw.LEAVES_A_THREAD)) {
      leaveThread();
    }
  }

  private static void leaveThread() {
    Thread thread = new Thread(new CompletableFuture<>()::join, "millrace-log-left");
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void crash() {
    closed = true;
    since.close();
    if (has(Flaw.TEARS_A_BATCH_IN_A_CRASH)
        && !medium.batchSizes.isEmpty()
        && medium.batchSizes.get(medium.batchSizes.size() - 1) > 1) {
      medium.records.remove(medium.records.size() - 1);
    }
  }

  boolean isClosed() {
    return closed && !has(Flaw.READS_AFTER_CLOSE);
  }

  void checkOpen() {
    if (isClosed()) {
      throw new UnavailableException("log-closed", "the log is closed");
    }
  }
}
