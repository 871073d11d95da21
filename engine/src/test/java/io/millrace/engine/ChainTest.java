package io.millrace.engine;

import static io.millrace.engine.Use.NOBODY;
import static io.millrace.engine.Use.done;
import static io.millrace.engine.Use.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.CommitFilter;
import io.millrace.api.Database;
import io.millrace.api.LogVerification;
import io.millrace.api.document.Commit;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.SequenceRange;
import io.millrace.engine.KeptLogProvider.Tape;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.tck.NothingLeftBehind;
import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The digests that link all commits tell when one of them was altered. */
@ExtendWith(NothingLeftBehind.class)
class ChainTest {
  @TempDir Path folder;

  @Test
  void whatWasWrittenVerifies() {
    Seed seed = Seed.next();
    try (Database database = Use.kept(folder).open()) {
      new Workload(seed.random()).purging().run(database, 200);
    }
    try (Database database = Use.kept(folder).open()) {
      new Workload(seed.random()).purging().run(database, 50);
      long last = database.since().value();
      LogVerification whole = database.verify(1, last, null);
      assertThat(whole.reason()).as("%s", seed).isNull();
      assertThat(whole.from()).isEqualTo(1);
      assertThat(whole.to()).isEqualTo(last);
      Random random = seed.random();
      for (int i = 0; i < 50; i++) {
        long from = 1 + random.nextInt((int) last);
        long to = from + random.nextInt((int) (last - from + 1));
        LogVerification part = database.verify(from, to, null);
        assertThat(part.ok()).as("%s, %s to %s", seed, from, to).isTrue();
        assertThat(part.from()).isLessThanOrEqualTo(from);
        assertThat(part.to()).isGreaterThanOrEqualTo(to);
        assertThat(database.verify(1, part.to(), part.digest()).ok()).isTrue();
        assertThat(database.verify(1, part.to(), CommitDigest.NONE).ok()).isFalse();
      }
    }
  }

  /** Of the newest, too, whose digest no other commit names yet, and after reopening. */
  @Test
  void eachCommitHasTheDigestThatVerifyFinds() {
    Seed seed = Seed.next();
    try (Database database = Use.kept(folder).open()) {
      new Workload(seed.random()).purging().run(database, 60);
      done(database, put("b0", "the end", "{}"), put("b0", "more", "{}"));
      assertDigests(seed, database);
    }
    try (Database database = Use.kept(folder).open()) {
      assertDigests(seed, database);
    }
  }

  private static void assertDigests(Seed seed, Database database) {
    for (Commit commit : Use.all(database.commits(SequenceRange.all(), CommitFilter.none()))) {
      assertThat(database.digestOf(commit))
          .as("%s, %s", seed, commit)
          .isEqualTo(database.verify(commit.first(), commit.last(), null).digest());
    }
  }

  /** What an intruder does who knows the format, revisions and all. */
  @Test
  void everyAlteredRecordIsFound() {
    Seed seed = Seed.next();
    Random random = seed.random();
    Tape tape = KeptLogProvider.tape(folder);
    try (Database database = Use.kept(folder).open()) {
      new Workload(random).run(database, 60);
      done(database, put("b0", "the end", "{}"));
    }
    List<byte[]> genuine = List.copyOf(tape.records);
    for (int at = 0; at < genuine.size() - 1; at++) {
      byte[] altered = altered(at + 1, genuine.get(at), random);
      tape.records.set(at, altered);
      try (Database database = Use.kept(folder).open()) {
        LogVerification found = database.verify(1, genuine.size(), null);
        assertThat(found.ok()).as("%s, record %s", seed, at + 1).isFalse();
        assertThat(Objects.requireNonNull(found.at())).isGreaterThan(at);
        assertThat(found.digest()).isNull();
      }
      tape.records.set(at, genuine.get(at));
    }
  }

  /** Another body, or another author where there is none. */
  private static byte[] altered(long sequence, byte[] record, Random random) {
    LogRecord read = LogRecord.decode(sequence, record);
    StoredChange change = read.change();
    if (change == null) {
      byte[] other = record.clone();
      // The milliseconds of the time.
      other[10] ^= 1;
      return other;
    }
    StoredChange other =
        new StoredChange(
            change.bucket(),
            change.id(),
            change.path(),
            change.deleted(),
            ("{\"x\":" + random.nextInt() + "}").getBytes(StandardCharsets.UTF_8));
    return new LogRecord(read.header(), read.index(), other).encode();
  }

  @Test
  void theLastCommitIsProvedByADigestNotedElsewhere() {
    Tape tape = KeptLogProvider.tape(folder);
    CommitDigest noted;
    try (Database database = Use.kept(folder).open()) {
      done(database, put("b", "a", "{\"n\":1}"));
      noted = database.verify(1, 1, null).digest();
      assertThat(database.verify(1, 1, noted).ok()).isTrue();
    }
    tape.records.set(0, altered(1, tape.records.get(0), new Random(1)));
    try (Database database = Use.kept(folder).open()) {
      assertThat(database.verify(1, 1, null).ok()).isTrue();
      assertThat(database.verify(1, 1, noted).reason()).contains(noted.toString());
    }
  }

  @Test
  void sequencesThatAreNotThereAreRefused() {
    try (Database database = Use.memory(folder).open()) {
      done(database, put("b", "a", "{}"));
      for (long[] range : new long[][] {{0, 1}, {1, 2}, {2, 1}, {2, 2}, {-1, -1}}) {
        assertThatThrownBy(() -> database.verify(range[0], range[1], null))
            .isInstanceOf(NotFoundException.class);
      }
      assertThat(Use.await(database.createBucket("c", NOBODY))).isEqualTo(2);
      assertThat(database.verify(2, 2, null).commits()).isEqualTo(1);
    }
  }

  /** So that what is described in docs/formats/records.md can be computed by anyone. */
  @Test
  void theDigestIsThatOfTheDescription() throws NoSuchAlgorithmException {
    try (Database database = Use.kept(folder).open()) {
      done(database, put("b", "a", "{}"), put("b", "c", "{}"));
      MessageDigest changes = MessageDigest.getInstance("SHA-256");
      MessageDigest commit = MessageDigest.getInstance("SHA-256");
      List<byte[]> records = KeptLogProvider.tape(folder).records;
      byte[] header = new LogRecord(LogRecord.decode(1, records.get(0)).header(), 0, null).encode();
      commit.update(header, 2, header.length - 2);
      // Of the first record after the header, of the second after format, flags and place.
      for (int[] part : new int[][] {{0, header.length}, {1, 3}}) {
        byte[] record = records.get(part[0]);
        MessageDigest change = MessageDigest.getInstance("SHA-256");
        change.update((byte) 0);
        change.update(record, part[1], record.length - part[1]);
        changes.update(change.digest());
      }
      byte[] digest = commit.digest(changes.digest());
      assertThat(database.verify(1, 2, null).digest()).isEqualTo(CommitDigest.of(digest));
    }
  }
}
