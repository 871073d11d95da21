package io.millrace.distribution.plugin;

import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.log.ObservableSequence;
import io.millrace.api.range.SequenceRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Passes everything on; before an append or the reading of one record it asks the test for its
 * fate, and waits for the answer as it would for a slow disk.
 */
final class FaultyLog implements Log {
  private final Log files;
  private final int control;

  FaultyLog(Log files, int control) {
    this.files = files;
    this.control = control;
  }

  /** The fate; as usual when the test is over. */
  private char ask(char call) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), control)) {
      socket.getOutputStream().write(call);
      int fate = socket.getInputStream().read();
      return fate < 0 ? 'd' : (char) fate;
    } catch (IOException e) {
      return 'd';
    }
  }

  @Override
  public CompletionStage<Long> append(List<byte[]> records) {
    char fate = ask('a');
    CompletionStage<Long> appended = files.append(records);
    return fate == 'u'
        ? appended.thenApply(
            sequence -> {
              throw new UnknownOutcomeException("append-unknown", "the answer of the log was lost");
            })
        : appended;
  }

  @Override
  public byte[] read(long sequence) {
    if (ask('r') == 'x') {
      throw new IllegalStateException("a defect with the secret word swordfish");
    }
    return files.read(sequence);
  }

  @Override
  public Incarnation incarnation() {
    return files.incarnation();
  }

  @Override
  public int maxRecordBytes() {
    return files.maxRecordBytes();
  }

  @Override
  public ObservableSequence since() {
    return files.since();
  }

  @Override
  public LogCursor read(SequenceRange range) {
    return files.read(range);
  }

  @Override
  public LogCursor tail(SequenceRange range) {
    return files.tail(range);
  }

  @Override
  public long checkpoint(Path folder, @Nullable Path earlier) {
    return files.checkpoint(folder, earlier);
  }

  @Override
  public void close() {
    files.close();
  }
}
