package io.millrace.tck.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.log.Log;
import io.millrace.api.log.LogCursor;
import io.millrace.api.range.SequenceRange;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Damage is reported, never served. */
abstract class DamageTests extends LogGroup {
  DamageTests(LogTck kit) {
    super(kit);
  }

  /** The log with five records, the third damaged; nothing when opening it reports that. */
  private Optional<Log> damaged(LogModel model) {
    for (int i = 1; i <= 5; i++) {
      model.append(log(), "record " + i);
    }
    log().close();
    if (!fixture().canDamage()) {
      assertThatThrownBy(() -> fixture().damage(3))
          .isInstanceOf(UnsupportedOperationException.class);
      return Optional.empty();
    }
    fixture().damage(3);
    try {
      return Optional.of(openAgain());
    } catch (CorruptionException e) {
      assertThat(e.place()).isNotBlank();
      return Optional.empty();
    }
  }

  @Test
  void damagedRecordIsNotServed() {
    LogModel model = new LogModel();
    damaged(model)
        .ifPresent(
            log -> {
              assertThatThrownBy(() -> log.read(3))
                  .isInstanceOfSatisfying(
                      CorruptionException.class, e -> assertThat(e.place()).isNotBlank());
              assertThat(LogModel.text(log.read(2))).isEqualTo("record 2");
              assertThat(LogModel.text(log.read(4))).isEqualTo("record 4");
            });
  }

  @Test
  void cursorsDeliverWhatIsBeforeTheDamage() {
    LogModel model = new LogModel();
    damaged(model)
        .ifPresent(
            log -> {
              assertDeliversThenFails(log, SequenceRange.all(), "record 1", "record 2");
              assertDeliversThenFails(
                  log, SequenceRange.all().reversed(true), "record 5", "record 4");
            });
  }

  private static void assertDeliversThenFails(Log log, SequenceRange range, String... texts) {
    try (LogCursor cursor = log.read(range)) {
      for (String text : texts) {
        assertThat(cursor.advance()).isTrue();
        assertThat(LogModel.text(cursor.current())).isEqualTo(text);
      }
      assertThatThrownBy(cursor::advance).isInstanceOf(CorruptionException.class);
    }
  }
}
