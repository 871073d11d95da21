package io.millrace.engine;

import static io.millrace.engine.Use.delete;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.made;
import static io.millrace.engine.Use.put;
import static io.millrace.engine.Use.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.Edit;
import io.millrace.api.document.Revision;
import io.millrace.tck.NothingLeftBehind;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Commits over several buckets that rest on documents which they only read. */
@ExtendWith(NothingLeftBehind.class)
class TransactionTest {
  @TempDir Path folder;
  private Database database;
  private Revision rate;

  @BeforeEach
  void open() {
    database = Use.memory(folder).open();
    rate = made(database, put("rates", "eur", "{\"n\":1}"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Edit check(String bucket, String id, Base base) {
    return new Edit.Check(bucket, id, base);
  }

  @Test
  void whatIsAsReadLetsTheCommitPassAndTakesNoSequence() {
    Committed committed =
        done(
            database,
            check("rates", "eur", Base.of(rate)),
            put("orders", "o1", "{}"),
            check("orders", "o2", Base.absent()),
            check("nowhere", "x", Base.absent()),
            put("bills", "b1", "{}"));
    assertThat(committed.sequence()).isEqualTo(3);
    assertThat(committed.written()).extracting(each -> each.id()).containsExactly("o1", "b1");
    assertThat(database.buckets()).extracting(each -> each.name()).doesNotContain("nowhere");
  }

  @Test
  void whatChangedMeanwhileRefusesAllOfIt() {
    Revision now = made(database, put("rates", "eur", "{\"n\":2}"));
    assertThat(
            refused(
                    database,
                    put("orders", "o1", "{}"),
                    check("rates", "eur", Base.of(rate)),
                    check("rates", "eur2", Base.of(rate)),
                    check("nowhere", "x", Base.of(rate)))
                .refusals())
        .extracting(Refusal::index, Refusal::reason, Refusal::current)
        .containsExactly(
            tuple(1, Reason.CONFLICT, now),
            tuple(2, Reason.CONFLICT, null),
            tuple(3, Reason.CONFLICT, null));
    assertThat(database.bucket("orders").get("o1")).isEmpty();
    assertThat(database.since().value()).isEqualTo(2);
  }

  @Test
  void absenceIsOfLiveDocuments() {
    assertThat(refused(database, check("rates", "eur", Base.absent())).refusals()).hasSize(1);
    done(database, delete("rates", "eur"));
    assertThat(done(database, check("rates", "eur", Base.absent())).written()).isEmpty();
    assertThat(refused(database, check("rates", "eur", Base.of(rate))).refusals()).hasSize(1);
    assertThat(database.since().value()).isEqualTo(2);
  }
}
