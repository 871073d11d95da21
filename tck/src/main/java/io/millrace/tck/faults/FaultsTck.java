package io.millrace.tck.faults;

import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.TemporaryFolder;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** What both kits have in common. */
@ExtendWith(NothingLeftBehind.class)
abstract class FaultsTck {
  private @Nullable TemporaryFolder work;

  FaultsTck() {}

  abstract Subject subject();

  /**
   * Whether damage to what was durable is noticed at the very end of what is stored, too. If not,
   * the last batches may be missing after it, as after a crash; never one in the middle.
   */
  protected boolean noticesDamageAtTheEnd() {
    return true;
  }

  /** How many MiB are free for it on a disk that is to become full; more if it leaves some free. */
  protected int mebibytesUntilFull() {
    return 3;
  }

  @BeforeEach
  final void makeFolder() {
    work = TemporaryFolder.create();
  }

  @AfterEach
  final void removeFolder() {
    Objects.requireNonNull(work).close();
  }

  final Path work() {
    return Objects.requireNonNull(work).path();
  }

  /** The process ends at any moment. */
  @Nested
  final class HardKills extends HardKillTests {
    HardKills() {
      super(FaultsTck.this);
    }
  }

  /** Files are not what they were. */
  @Nested
  final class Damages extends DamageTests {
    Damages() {
      super(FaultsTck.this);
    }
  }

  /** There is not enough of something, or no permission, or another process. */
  @Nested
  final class Wants extends WantTests {
    Wants() {
      super(FaultsTck.this);
    }
  }
}
