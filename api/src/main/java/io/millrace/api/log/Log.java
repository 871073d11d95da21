package io.millrace.api.log;

import io.millrace.api.error.UnsupportedException;
import io.millrace.api.range.SequenceRange;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The append-only truth of one database: byte records numbered 1, 2, 3, ... without gaps.
 *
 * <p><b>Order and atomicity.</b> Batches become part of the log in the order of the calls to {@link
 * #append}, each as a whole or not at all: no reader, and no later opening after a crash, ever sees
 * a part of a batch. Records are readable once they are durable, never before.
 *
 * <p><b>Durability.</b> When a stage of {@link #append} completes, its batch survives what the log
 * was configured to survive: with {@code sync=always} the loss of power, with an interval all but
 * the last interval, with {@code os} the end of the process. What survives is always a prefix of
 * the batches.
 *
 * <p><b>Failure.</b> After a failed write or force the log refuses every further append until it is
 * opened again, because the state of the file is unknown. Reads go on.
 *
 * <p><b>Threads.</b> Safe for use by many threads. Reads never wait for appends.
 *
 * <p><b>Lifecycle.</b> Made by a provider, used, closed once; closing again does nothing. After
 * {@code close} every method but {@link #incarnation()} and {@link #close()} throws {@link
 * io.millrace.api.error.UnavailableException} with the code {@code log-closed}.
 */
public interface Log extends AutoCloseable {
  /** The identity of this log's present life. */
  Incarnation incarnation();

  /**
   * Appends {@code records} as one atomic batch.
   *
   * <p>The arrays are handed over: the caller must not change them afterwards. The call returns at
   * once, unless the queue of appends is full, when it waits for room.
   *
   * @param records one or more, each at most {@link #maxRecordBytes()} long; a record may be empty
   * @return completes with the sequence of the last record once the batch is durable; {@link
   *     #since()} is already there then. Fails with {@link
   *     io.millrace.api.error.UnavailableException} when nothing was appended (code {@code
   *     log-closed}, {@code log-full}, {@code log-failed}), with {@link
   *     io.millrace.api.error.UnknownOutcomeException} when it is not known whether the batch
   *     survives
   * @throws io.millrace.api.error.InvalidRequestException when the batch is empty or a record is
   *     too large; nothing is appended
   */
  CompletionStage<Long> append(List<byte[]> records);

  /** The most bytes that one record can hold. */
  int maxRecordBytes();

  /** The last durable sequence; 0 when the log is empty. */
  ObservableSequence since();

  /**
   * The record at {@code sequence}; the array belongs to the caller.
   *
   * @throws io.millrace.api.error.NotFoundException when {@code sequence} is below 1 or beyond
   *     {@link #since()}
   * @throws io.millrace.api.error.CorruptionException when the stored bytes are damaged
   */
  byte[] read(long sequence);

  /**
   * The records of {@code range} that are durable when the call is made.
   *
   * <p>The cursor throws {@link io.millrace.api.error.CorruptionException} on reaching damage,
   * after everything before it.
   */
  LogCursor read(SequenceRange range);

  /**
   * The records of {@code range} and those that come to it later.
   *
   * <p>{@link LogCursor#advance()} waits for the next record. It returns {@code false} only when
   * the range or its limit is exhausted, or when the cursor (from any thread) or the log is closed.
   *
   * @param range in forward direction
   * @throws io.millrace.api.error.InvalidRequestException when the range is reversed
   */
  LogCursor tail(SequenceRange range);

  /**
   * Writes a copy of the log to {@code folder}, durably: this incarnation, and the records up to
   * the last durable one when the call is made, whatever is appended meanwhile. A provider can open
   * the copy.
   *
   * <p>What will never change again may be linked instead of copied, from this log or from {@code
   * earlier}, so a copy beside an earlier one costs what came since. After a failure the folder may
   * hold a part of the copy, and is of no use.
   *
   * @param folder must not exist; its parent must
   * @param earlier a copy of this log that an earlier call wrote, only to be read; null for none
   * @return the last sequence in the copy
   * @throws UnsupportedException when this log is not kept in files, with the code {@code
   *     checkpoint-unsupported}
   * @throws io.millrace.api.error.InvalidRequestException when the folder exists or its parent does
   *     not
   */
  default long checkpoint(Path folder, @Nullable Path earlier) {
    throw new UnsupportedException(
        "checkpoint-unsupported", "this kind of log cannot write a copy of itself");
  }

  /**
   * Puts other bytes in the place of records that are durable, so that what is to be forgotten is
   * gone: every record keeps its sequence and its place in its batch, and what a record had before
   * is never read again. When the call returns it is in no file of this log either, unless the log
   * lies in a store, which gives back its space when it sees fit. What was copied by {@link
   * #checkpoint} is not touched.
   *
   * <p>Whatever the configuration, no change survives a loss of power that loses a record which was
   * acknowledged before the call: what is forgotten may be so because of a later record.
   *
   * <p>It goes part by part from the lowest sequence on, each part atomically and durably: a crash
   * leaves all parts before some sequence rewritten, all others as they were, and every one whole;
   * the call can be made again then. Appends, reads, live cursors and copies go on; each record is
   * read either as it was or as it is.
   *
   * <p>One rewriting at a time: another call waits. Closing the log ends it.
   *
   * @param last no record behind this sequence is changed
   * @throws UnsupportedException when this log cannot do it, with the code {@code
   *     compaction-unsupported}
   * @throws io.millrace.api.error.CorruptionException on reaching damage; parts before are done
   * @throws io.millrace.api.error.UnavailableException when the disk failed or is full ({@code
   *     log-rewrite-failed}) or the log is closed; parts before are done
   */
  default void rewrite(long last, LogRewriting rewriting) {
    throw new UnsupportedException(
        "compaction-unsupported", "this kind of log cannot take back what it holds");
  }

  /**
   * Waits for the appends that were accepted, makes them durable whatever the configuration, ends
   * live cursors and releases everything.
   */
  @Override
  void close();
}
