package io.millrace.engine;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import io.millrace.spi.LogProvider;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.SettableSequence;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Logs in memory that outlive their closing, one for each folder, and fail when told to. */
public final class KeptLogProvider implements LogProvider {
  private static final Map<Path, Tape> TAPES = new ConcurrentHashMap<>();

  /** For {@link java.util.ServiceLoader}. */
  public KeptLogProvider() {}

  /** What becomes of an append. */
  enum Fate {
    DONE,
    REFUSED,
    UNKNOWN_KEPT,
    UNKNOWN_LOST
  }

  /** The records of one folder's log, and its faults. */
  static final class Tape {
    final Incarnation incarnation = new Incarnation(UUID.randomUUID());
    final List<byte[]> records = new CopyOnWriteArrayList<>();
    final AtomicInteger openings = new AtomicInteger();
    volatile Fate fate = Fate.DONE;
    volatile boolean refusesOpening;

    /** Appends wait for this; null for no wait. */
    volatile @Nullable CompletableFuture<Void> gate;
  }

  /** The log of the database in {@code database}. */
  static Tape tape(Path database) {
    return TAPES.computeIfAbsent(key(database), path -> new Tape());
  }

  /** Lets the log of one database be that of the other, and the other way round. */
  static void exchange(Path one, Path other) {
    Tape tape = tape(one);
    TAPES.put(key(one), tape(other));
    TAPES.put(key(other), tape);
  }

  private static Path key(Path database) {
    return database.toAbsolutePath().normalize().resolve("log");
  }

  @Override
  public String name() {
    return "kept";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public Log open(Settings settings, ModuleContext context) {
    Tape tape = TAPES.computeIfAbsent(context.folder(), path -> new Tape());
    tape.openings.incrementAndGet();
    if (tape.refusesOpening) {
      throw new UnavailableException("log-failed", "the log cannot be opened, as the test wishes");
    }
    return new KeptLog(tape);
  }

  private static final class KeptLog implements Log {
    private static final int MAX_RECORD_BYTES = 1 << 20;

    private final Tape tape;
    private final SettableSequence since;
    private volatile boolean failed;
    private volatile boolean closed;

    KeptLog(Tape tape) {
      this.tape = tape;
      this.since = new SettableSequence("the log", tape.records.size());
    }

    @Override
    public Incarnation incarnation() {
      return tape.incarnation;
    }

    @Override
    public CompletionStage<Long> append(List<byte[]> records) {
      requireOpen();
      for (byte[] record : records) {
        if (record.length > MAX_RECORD_BYTES) {
          throw new InvalidRequestException("record-too-large", "a record of " + record.length);
        }
      }
      CompletableFuture<Void> gate = tape.gate;
      return gate == null ? appendNow(records) : gate.thenCompose(opened -> appendNow(records));
    }

    private synchronized CompletionStage<Long> appendNow(List<byte[]> records) {
      Fate fate = tape.fate;
      if (failed || fate == Fate.REFUSED) {
        failed = true;
        return CompletableFuture.failedFuture(
            new UnavailableException("log-failed", "no room, as the test wishes"));
      }
      if (fate != Fate.UNKNOWN_LOST) {
        tape.records.addAll(records);
      }
      if (fate != Fate.DONE) {
        failed = true;
        return CompletableFuture.failedFuture(
            new UnknownOutcomeException("append-unknown", "who knows, as the test wishes"));
      }
      long last = tape.records.size();
      since.advance(last);
      return CompletableFuture.completedFuture(last);
    }

    @Override
    public int maxRecordBytes() {
      requireOpen();
      return MAX_RECORD_BYTES;
    }

    @Override
    public ObservableSequence since() {
      requireOpen();
      return since;
    }

    @Override
    public byte[] read(long sequence) {
      requireOpen();
      if (sequence < 1 || sequence > since.value()) {
        throw new NotFoundException("no-such-record", "there is no record " + sequence);
      }
      return tape.records.get((int) sequence - 1).clone();
    }

    @Override
    public LogCursor read(SequenceRange range) {
      requireOpen();
      return new KeptCursor(this, range.lte(since.value()));
    }

    @Override
    public LogCursor tail(SequenceRange range) {
      throw new UnsupportedException("no-tail", "the engine does not tail its log");
    }

    @Override
    public void close() {
      closed = true;
      since.close();
    }

    private void requireOpen() {
      if (closed) {
        throw new UnavailableException("log-closed", "the log is closed");
      }
    }
  }

  private static final class KeptCursor implements LogCursor {
    private final KeptLog log;
    private final SequenceRange range;
    private long delivered;
    private long at;

    KeptCursor(KeptLog log, SequenceRange range) {
      this.log = log;
      this.range = range;
    }

    @Override
    public boolean advance() {
      log.requireOpen();
      long next = range.reverse() ? range.last() - delivered : range.first() + delivered;
      if (!range.contains(next) || delivered >= range.limit()) {
        return false;
      }
      at = next;
      delivered++;
      return true;
    }

    @Override
    public ByteBuffer current() {
      return ByteBuffer.wrap(log.read(at));
    }

    @Override
    public long sequence() {
      return at;
    }

    @Override
    public void close() {}
  }
}
