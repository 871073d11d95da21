package io.millrace.engine.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.CommitKind;
import io.millrace.api.document.Origin;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.engine.record.CommitHeader.CreatedBucket;
import io.millrace.engine.record.LogRecord.StoredChange;
import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LogRecordTest {
  private final Seed seed = Seed.next();
  private final Random random = seed.random();

  private @Nullable String text() {
    String[] parts = {"a", "é", "😀", " ", "\u0000", "xyz"};
    if (random.nextInt(4) == 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private int number() {
    return random.nextInt(2) == 0 ? random.nextInt(200) : random.nextInt() & Integer.MAX_VALUE;
  }

  private LogRecord record() {
    StoredChange change = null;
    if (random.nextInt(5) > 0) {
      List<Revision> path = new ArrayList<>();
      int length = 1 + random.nextInt(5);
      int generation = length + random.nextInt(300);
      for (int i = 0; i < length; i++) {
        path.add(new Revision(generation - i, random.nextLong(), random.nextLong()));
      }
      byte[] body = new byte[random.nextInt(300)];
      random.nextBytes(body);
      String id = text();
      change = new StoredChange(number(), id == null ? "id" : id, path, random.nextBoolean(), body);
    }
    if (random.nextBoolean()) {
      return new LogRecord(null, number(), change);
    }
    List<CreatedBucket> created = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      created.add(new CreatedBucket(number(), "bucket" + i));
    }
    List<Integer> dropped = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      dropped.add(number());
    }
    List<Integer> revived = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      revived.add(number());
    }
    CommitKind[] kinds = CommitKind.values();
    CommitHeader header =
        new CommitHeader(
            kinds[random.nextInt(kinds.length)],
            random.nextLong(),
            new Attribution(text(), text(), origin()),
            number(),
            created,
            dropped,
            revived,
            digest(),
            random.nextBoolean() ? 0 : random.nextLong(1, Long.MAX_VALUE));
    return new LogRecord(header, 0, change);
  }

  private @Nullable Origin origin() {
    return random.nextBoolean()
        ? null
        : new Origin(
            new UUID(random.nextLong(), random.nextLong()),
            Instant.ofEpochMilli(random.nextLong()));
  }

  private CommitDigest digest() {
    byte[] bytes = new byte[CommitDigest.BYTES];
    random.nextBytes(bytes);
    return CommitDigest.of(bytes);
  }

  private static void assertSame(LogRecord read, LogRecord written, Object as) {
    assertThat(read).as("%s", as).usingRecursiveComparison().isEqualTo(written);
  }

  @Test
  void whatIsWrittenIsRead() {
    for (int i = 0; i < 500; i++) {
      LogRecord record = record();
      assertSame(LogRecord.decode(1, record.encode()), record, seed);
    }
  }

  @Test
  void targetOfRollbackStandsBeforeTheBuckets() {
    CommitHeader header =
        new CommitHeader(
            CommitKind.ROLLBACK,
            1_700_000_000_000L,
            new Attribution(null, "no"),
            0,
            List.of(),
            List.of(),
            List.of(),
            CommitDigest.NONE,
            200);
    byte[] bytes = new LogRecord(header, 0, null).encode();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("0201010000018bcfe5680000" + "06026e6f" + "c801" + "000000" + "00".repeat(32));
    bytes[12] = 8;
    assertThatThrownBy(() -> LogRecord.decode(1, bytes)).isInstanceOf(CorruptionException.class);
  }

  /** The bytes that docs/formats/records.md describes, written down by hand. */
  @Test
  void bytesAreThoseOfTheDescription() {
    Revision parent = new Revision(2, 0x0102030405060708L, 0x090a0b0c0d0e0f10L);
    Revision revision = new Revision(3, 0x1112131415161718L, 0x191a1b1c1d1e1f20L);
    LogRecord record =
        new LogRecord(
            new CommitHeader(
                CommitKind.WRITE,
                1_700_000_000_000L,
                new Attribution("me", "why"),
                200,
                List.of(new CreatedBucket(5, "films")),
                List.of(4),
                List.of(2, 3),
                CommitDigest.parse("20".repeat(31) + "21")),
            0,
            new StoredChange(
                5, "a", List.of(revision, parent), true, "{}".getBytes(StandardCharsets.UTF_8)));
    String expected =
        "02" // format
            + "07" // first, change, deleted
            + "00" // a write
            + "0000018bcfe56800" // time
            + "c801" // 200 changes
            + "03" // author and message
            + "026d65"
            + "03776879"
            + "01"
            + "05"
            + "0566696c6d73" // one bucket made: 5, films
            + "01"
            + "04" // one dropped: 4
            + "020203" // two brought back: 2 and 3
            + "20".repeat(31)
            + "21" // the digest of the commit before
            + "05" // bucket
            + "0161" // id
            + "03" // generation
            + "1112131415161718191a1b1c1d1e1f20"
            + "01" // one ancestor
            + "0102030405060708090a0b0c0d0e0f10"
            + "7b7d";
    assertThat(HexFormat.of().formatHex(record.encode())).isEqualTo(expected);
    assertSame(LogRecord.decode(7, HexFormat.of().parseHex(expected)), record, "golden");
    LogRecord later =
        new LogRecord(
            null,
            130,
            new StoredChange(1, "b", List.of(new Revision(1, 0, 1)), false, new byte[] {'{', '}'}));
    assertThat(HexFormat.of().formatHex(later.encode()))
        .isEqualTo(
            "02" + "02" + "8201" + "01" + "0162" + "01" + "00".repeat(15) + "01" + "00" + "7b7d");
  }

  @Test
  void bytesOfWhatAPeerSentAreThoseOfTheDescription() {
    Origin origin =
        new Origin(
            new UUID(0x0102030405060708L, 0x890a0b0c0d0e0f10L),
            Instant.ofEpochMilli(1_600_000_000_123L));
    LogRecord record =
        new LogRecord(
            new CommitHeader(
                CommitKind.REPLICATED,
                1_700_000_000_000L,
                new Attribution("me", null, origin),
                1,
                List.of(),
                List.of(),
                List.of(),
                CommitDigest.NONE,
                0),
            0,
            new StoredChange(1, "b", List.of(new Revision(1, 0, 1)), false, new byte[] {'{', '}'}));
    String expected =
        "02" // format
            + "03" // first, change
            + "02" // replicated
            + "0000018bcfe56800" // time
            + "01" // one change
            + "09" // author and origin
            + "026d65"
            + "0102030405060708890a0b0c0d0e0f10" // the database
            + "00000174876e807b" // when, there
            + "000000" // no buckets made, dropped or brought back
            + "00".repeat(32)
            + "01"
            + "0162"
            + "01"
            + "00".repeat(15)
            + "01"
            + "00"
            + "7b7d";
    assertThat(HexFormat.of().formatHex(record.encode())).isEqualTo(expected);
    assertSame(LogRecord.decode(1, record.encode()), record, "golden");
  }

  @Test
  void forgottenBodyLeavesEverythingElse() {
    Eraser eraser = new Eraser();
    for (int i = 0; i < 500; i++) {
      LogRecord record = record();
      StoredChange change = record.change();
      byte[] whole = record.encode();
      byte[] left = eraser.forget(1, whole);
      if (change == null) {
        assertThat(left).as("%s", seed).isSameAs(whole);
        continue;
      }
      LogRecord read = LogRecord.decode(1, left);
      StoredChange rest = read.change();
      assertThat(read.encode()).as("%s", seed).isEqualTo(left);
      assertThat(read.header()).isEqualTo(record.header());
      assertThat(read.index()).isEqualTo(record.index());
      assertThat(rest.bucket()).isEqualTo(change.bucket());
      assertThat(rest.id()).isEqualTo(change.id());
      assertThat(rest.path()).isEqualTo(change.path());
      assertThat(rest.deleted()).isEqualTo(change.deleted());
      assertThat(rest.bodyBytes()).isEqualTo(change.body().length);
      assertThatThrownBy(rest::body)
          .isInstanceOfSatisfying(
              NotFoundException.class, e -> assertThat(e.code()).isEqualTo("forgotten"));
      assertThat(eraser.forget(1, left)).isSameAs(left);
      assertThat(digestOf(left)).as("%s", seed).isEqualTo(digestOf(whole));
      assertThat(digestOf(eraser.erase(1, left))).as("%s", seed).isEqualTo(digestOf(whole));
    }
  }

  private static CommitDigest digestOf(byte[] record) {
    CommitChain chain = new CommitChain();
    chain.add(1, record);
    return chain.end();
  }

  @Test
  void bytesOfAForgottenBodyAreThoseOfTheDescription() {
    StoredChange change =
        new StoredChange(
            1,
            "b",
            List.of(new Revision(1, 0, 1)),
            false,
            "{\"a\":1}".getBytes(StandardCharsets.UTF_8));
    byte[] left = new Eraser().forget(1, new LogRecord(null, 130, change).encode());
    String head = "01" + "0162" + "01" + "00".repeat(15) + "01" + "00";
    byte[] stands =
        CommitChain.sha256().digest(HexFormat.of().parseHex("00" + head + "7b2261223a317d"));
    assertThat(HexFormat.of().formatHex(left))
        .isEqualTo("02" + "22" + "8201" + head + "07" + HexFormat.of().formatHex(stands));
  }

  @Test
  void theKindsKeepTheirNumbers() {
    assertThat(CommitKind.values())
        .containsExactly(
            CommitKind.WRITE,
            CommitKind.ROLLBACK,
            CommitKind.REPLICATED,
            CommitKind.BUCKET_CREATED,
            CommitKind.BUCKET_DROPPED,
            CommitKind.PURGE);
  }

  @Test
  void laterFormatsAreRefused() {
    assertThatThrownBy(() -> LogRecord.decode(9, new byte[] {3, 0}))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("log record 9")
        .hasMessageContaining("format 3");
  }

  @Test
  void damageIsReportedAndNeverAnythingElse() {
    for (int i = 0; i < 2_000; i++) {
      byte[] whole = record().encode();
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
      decode(cut);
      byte[] changed = whole.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      decode(changed);
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      if (noise.length > 0) {
        noise[0] = 2;
      }
      decode(noise);
    }
    for (int i = 0; i < 200; i++) {
      byte[] whole = record().encode();
      for (int length = 0; length < Math.min(whole.length, 120); length++) {
        decode(Arrays.copyOf(whole, length));
      }
    }
  }

  /** Lengths that lie must not make the reader ask for the memory that they claim. */
  @Test
  void hugeCountsAreDamage() {
    byte[] head = {2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0};
    for (byte[] huge :
        List.of(
            new byte[] {-1, -1, -1, -1, 7},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 127},
            new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, 1})) {
      for (int at = 11; at <= head.length; at++) {
        byte[] lying = Arrays.copyOf(head, at + huge.length);
        System.arraycopy(huge, 0, lying, at, huge.length);
        decode(lying);
      }
    }
  }

  private void decode(byte[] bytes) {
    try {
      LogRecord read = LogRecord.decode(5, bytes);
      assertThat(read).isNotNull();
    } catch (CorruptionException | UnsupportedException e) {
      assertThat(e).as("%s", seed).hasMessageContaining("log record 5");
    }
  }
}
