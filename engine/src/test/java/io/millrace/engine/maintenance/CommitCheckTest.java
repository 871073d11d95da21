package io.millrace.engine.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Revision;
import io.millrace.engine.maintenance.Finding.Severity;
import io.millrace.engine.record.CommitHeader;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.engine.revision.RevisionDigest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that are intact, one by one, and yet cannot be a log. */
final class CommitCheckTest {
  private static final List<CreatedBucket> FIRST = List.of(new CreatedBucket(1, "b"));

  private final Findings findings = new Findings();
  private final CommitCheck check = new CommitCheck(findings);
  private long sequence;

  private CommitCheckTest add(LogRecord record) {
    check.accept(++sequence, record);
    return this;
  }

  private static CommitHeader header(
      CommitKind kind, long time, int changes, List<CreatedBucket> created, Integer... dropped) {
    return new CommitHeader(
        kind,
        time,
        Attribution.none(),
        changes,
        created,
        List.of(dropped),
        List.of(),
        CommitDigest.NONE);
  }

  private static StoredChange change(int bucket, String id, String body) {
    byte[] json = body.getBytes(StandardCharsets.UTF_8);
    Revision revision = new RevisionDigest().next(null, false, json);
    return new StoredChange(bucket, id, List.of(revision), false, json);
  }

  private static LogRecord first(int changes, long time) {
    return new LogRecord(
        header(CommitKind.WRITE, time, changes, FIRST), 0, change(1, "a", "{\"a\":1}"));
  }

  private static LogRecord part(int index) {
    return new LogRecord(null, index, change(1, "p" + index, "{}"));
  }

  private void assertWrong(String what) {
    check.end(sequence);
    assertThat(findings.all()).hasSize(1);
    assertThat(findings.all().get(0).severity()).isEqualTo(Severity.LOST);
    assertThat(findings.all().get(0).place()).isEqualTo("log record " + sequence);
    assertThat(findings.all().get(0).what()).contains(what);
  }

  @Test
  void commitsThatFitTogetherAreRight() {
    add(first(3, 10)).add(part(1)).add(part(2));
    add(
        new LogRecord(
            header(CommitKind.BUCKET_CREATED, 10, 0, List.of(new CreatedBucket(2, "c"))), 0, null));
    add(new LogRecord(header(CommitKind.BUCKET_DROPPED, 11, 0, List.of(), 2), 0, null));
    add(new LogRecord(header(CommitKind.ROLLBACK, 12, 0, List.of()), 0, null));
    check.end(sequence);
    assertThat(findings.all()).isEmpty();
    assertThat(check.commits()).isEqualTo(4);
  }

  @Test
  void commitWithoutBeginningIsFound() {
    add(first(1, 10)).add(part(1)).assertWrong("no beginning");
  }

  @Test
  void commitWithoutEndIsFound() {
    add(first(3, 10)).add(part(1)).assertWrong("ends within a commit: 2 of 3");
  }

  @Test
  void commitCutShortByAnotherIsFound() {
    add(first(2, 10));
    add(new LogRecord(header(CommitKind.WRITE, 10, 1, List.of()), 0, change(1, "x", "{}")));
    assertWrong("lacks records: 1 of 2");
  }

  @Test
  void partOutOfOrderIsFound() {
    add(first(3, 10)).add(part(2));
    assertThat(findings.all().get(0).what()).contains("part 2 of its commit where 1 is due");
  }

  @Test
  void missingChangeIsFound() {
    add(new LogRecord(header(CommitKind.WRITE, 10, 1, FIRST), 0, null));
    assertWrong("a change is missing");
  }

  @Test
  void unexpectedChangeIsFound() {
    add(new LogRecord(header(CommitKind.ROLLBACK, 10, 0, FIRST), 0, change(1, "a", "{}")));
    assertWrong("without changes");
  }

  @Test
  void unknownBucketIsFound() {
    add(new LogRecord(header(CommitKind.WRITE, 10, 1, List.of()), 0, change(7, "a", "{}")));
    assertWrong("bucket 7, which was never made");
  }

  @Test
  void droppedBucketIsFound() {
    add(first(1, 10));
    add(new LogRecord(header(CommitKind.BUCKET_DROPPED, 11, 0, List.of(), 1), 0, null));
    add(new LogRecord(header(CommitKind.WRITE, 12, 1, List.of()), 0, change(1, "a", "{}")));
    assertWrong("bucket 1, which was dropped before");
  }

  @Test
  void bucketBroughtBackMustHaveBeenDropped() {
    add(first(1, 10));
    add(new LogRecord(header(CommitKind.BUCKET_DROPPED, 11, 0, List.of(), 1), 0, null));
    add(reviving(1)).add(first(1, 12));
    assertThat(findings.all()).hasSize(1);
    CommitCheckTest other = new CommitCheckTest();
    other.add(first(1, 10)).add(reviving(1));
    other.assertWrong("brings back bucket 1, which was not dropped");
  }

  private static LogRecord reviving(int number) {
    return new LogRecord(
        new CommitHeader(
            CommitKind.ROLLBACK,
            12,
            Attribution.none(),
            0,
            List.of(),
            List.of(),
            List.of(number),
            CommitDigest.NONE),
        0,
        null);
  }

  @Test
  void bucketNumbersThatRepeatOrLeapAreFound() {
    add(first(1, 10)).add(first(1, 10)).assertWrong("makes bucket 1 after bucket 1");
    CommitCheckTest other = new CommitCheckTest();
    other.add(first(1, 10));
    List<CreatedBucket> third = List.of(new CreatedBucket(3, "c"));
    other.add(new LogRecord(header(CommitKind.BUCKET_CREATED, 10, 0, third), 0, null));
    other.assertWrong("makes bucket 3 after bucket 1");
  }

  @Test
  void timeThatGoesBackIsTold() {
    add(first(1, 10));
    add(new LogRecord(header(CommitKind.WRITE, 7, 1, List.of()), 0, change(1, "x", "{}")));
    assertThat(findings.all()).hasSize(1);
    assertThat(findings.all().get(0).severity()).isEqualTo(Severity.HARMLESS);
    assertThat(findings.all().get(0).what()).contains("3 ms older");
  }

  @Test
  void changedBodyIsFound() {
    StoredChange written = change(1, "a", "{\"a\":1}");
    StoredChange changed =
        new StoredChange(
            1, "a", written.path(), false, "{\"a\":2}".getBytes(StandardCharsets.UTF_8));
    add(new LogRecord(header(CommitKind.WRITE, 10, 1, FIRST), 0, changed));
    assertWrong("is not the digest of what it holds");
  }

  @Test
  void revisionsFromElsewhereAreCountedNotBlamed() {
    StoredChange foreign =
        new StoredChange(
            1,
            "a",
            List.of(new Revision(2, 1, 2), new Revision(1, 3, 4)),
            false,
            "{}".getBytes(StandardCharsets.UTF_8));
    add(new LogRecord(header(CommitKind.REPLICATED, 10, 1, FIRST), 0, foreign));
    check.end(sequence);
    assertThat(findings.all()).isEmpty();
    assertThat(check.foreign()).isEqualTo(1);
  }

  @Test
  void bodyThatIsNoJsonIsFound() {
    add(new LogRecord(header(CommitKind.WRITE, 10, 1, FIRST), 0, change(1, "a", "{\"a\":")));
    assertWrong("the body of a is no JSON object");
  }

  @Test
  void nothingIsBlamedBehindAGap() {
    add(first(3, 10));
    check.gap();
    sequence++;
    add(part(2));
    add(new LogRecord(header(CommitKind.WRITE, 12, 1, List.of()), 0, change(1, "a", "{}")));
    check.end(sequence);
    assertThat(findings.all()).isEmpty();
  }
}
