package io.millrace.tck.log;

import io.millrace.api.error.MillraceException;
import io.millrace.api.log.Log;
import io.millrace.tck.Patience;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Timeout;

/** A group of tests within the kit. */
@Timeout(120)
abstract class LogGroup {
  private final LogTck kit;

  LogGroup(LogTck kit) {
    this.kit = kit;
  }

  LogFixture fixture() {
    return kit.fixture();
  }

  /** Another place, of which the test must take care. */
  LogFixture newFixture() {
    return kit.createFixture();
  }

  Log log() {
    return kit.log();
  }

  Log reopen() {
    return kit.reopen();
  }

  Log openAgain() {
    return kit.openAgain();
  }

  Log crashAndOpen() {
    return kit.crashAndOpen();
  }

  /** With what {@code append} is refused, whether thrown or as a failed stage. */
  static MillraceException refusal(Supplier<CompletionStage<Long>> append) {
    try {
      Long sequence =
          append.get().toCompletableFuture().get(Patience.millis(), TimeUnit.MILLISECONDS);
      throw new AssertionError("not refused, but appended as " + sequence);
    } catch (MillraceException e) {
      return e;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof MillraceException refusal) {
        return refusal;
      }
      throw new AssertionError("refused with a foreign exception", e);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("neither appended nor refused", e);
    }
  }
}
