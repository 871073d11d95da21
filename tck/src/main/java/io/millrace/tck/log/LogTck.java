package io.millrace.tck.log;

import io.millrace.api.log.Log;
import io.millrace.tck.NothingLeftBehind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The contract tests of a log. A module's test extends this and supplies a fixture:
 *
 * <pre>{@code
 * final class MyLogTest extends LogTck {
 *   @Override
 *   protected LogFixture createFixture() {
 *     return new MyLogFixture();
 *   }
 * }
 * }</pre>
 *
 * <p>The system property {@code millrace.test.seed} repeats a run with random values, and {@code
 * millrace.test.patience} says how many milliseconds to wait for what should come at once.
 */
@ExtendWith(NothingLeftBehind.class)
public abstract class LogTck {
  private @Nullable LogFixture fixture;
  private @Nullable Log log;

  /** A new place without a log in it. */
  protected abstract LogFixture createFixture();

  @BeforeEach
  final void openLog() {
    fixture = createFixture();
    log = fixture.open();
  }

  @AfterEach
  final void removeLog() {
    try {
      if (log != null) {
        log.close();
      }
    } finally {
      if (fixture != null) {
        fixture.close();
      }
    }
  }

  final LogFixture fixture() {
    return Objects.requireNonNull(fixture);
  }

  final Log log() {
    return Objects.requireNonNull(log);
  }

  /** Closes the log and opens it again. */
  final Log reopen() {
    log().close();
    return openAgain();
  }

  /** Opens the log after it was closed. */
  final Log openAgain() {
    log = null;
    log = fixture().open();
    return log();
  }

  /** Crashes the log and opens it again. */
  final Log crashAndOpen() {
    Log crashed = log();
    log = null;
    fixture().crash(crashed);
    return openAgain();
  }

  /** Batches go in whole, in order, and numbered without gaps. */
  @Nested
  final class Appending extends AppendingTests {
    Appending() {
      super(LogTck.this);
    }
  }

  /** What is read is what a plain list would give. */
  @Nested
  final class Reading extends ReadingTests {
    Reading() {
      super(LogTck.this);
    }
  }

  /** Live cursors see everything once, wait, and end. */
  @Nested
  final class Live extends LiveTests {
    Live() {
      super(LogTck.this);
    }
  }

  /** A log is closed once, and found again as it was. */
  @Nested
  final class Lifecycle extends LifecycleTests {
    Lifecycle() {
      super(LogTck.this);
    }
  }

  /** What was answered survives, and nothing in parts. */
  @Nested
  final class Crashing extends CrashingTests {
    Crashing() {
      super(LogTck.this);
    }
  }

  /** A copy is the log as it was, durable, and stays so. */
  @Nested
  final class Copying extends CopyingTests {
    Copying() {
      super(LogTck.this);
    }
  }

  /** Records can be taken back without any other noticing. */
  @Nested
  final class Rewriting extends RewritingTests {
    Rewriting() {
      super(LogTck.this);
    }
  }

  /** Damage is reported, never served. */
  @Nested
  final class Damage extends DamageTests {
    Damage() {
      super(LogTck.this);
    }
  }
}
