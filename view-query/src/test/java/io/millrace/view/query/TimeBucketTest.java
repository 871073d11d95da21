package io.millrace.view.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TimeBucketTest {
  private static String bucket(TimeBucket bucket, String time) {
    return bucket.of(QueryFixture.json(time)).asText();
  }

  @Test
  void timesOfRfc3339AreTakenInUtc() {
    assertThat(bucket(TimeBucket.DAY, "\"2026-11-20T17:23:17Z\"")).isEqualTo("2026-11-20");
    assertThat(bucket(TimeBucket.DAY, "\"2026-11-20t23:30:00.123456-01:00\""))
        .isEqualTo("2026-11-21");
    assertThat(bucket(TimeBucket.DAY, "\"2026-01-01 00:30:00+01:00\"")).isEqualTo("2025-12-31");
    assertThat(bucket(TimeBucket.DAY, "\"2016-12-31T23:59:60Z\"")).isEqualTo("2016-12-31");
    assertThat(bucket(TimeBucket.MONTH, "\"2026-11-20\"")).isEqualTo("2026-11");
    assertThat(bucket(TimeBucket.YEAR, "\"0000-02-29\"")).isEqualTo("0000");
  }

  @Test
  void numbersAreMilliseconds() {
    assertThat(bucket(TimeBucket.DAY, "0")).isEqualTo("1970-01-01");
    assertThat(bucket(TimeBucket.DAY, "-1")).isEqualTo("1969-12-31");
    assertThat(bucket(TimeBucket.DAY, "-0.5")).isEqualTo("1969-12-31");
    assertThat(bucket(TimeBucket.DAY, "86399999.9")).isEqualTo("1970-01-01");
    assertThat(bucket(TimeBucket.DAY, "1e-1000000")).isEqualTo("1970-01-01");
    assertThat(bucket(TimeBucket.DAY, "0e1000000")).isEqualTo("1970-01-01");
    assertThat(bucket(TimeBucket.DAY, "8.64e7")).isEqualTo("1970-01-02");
  }

  @Test
  void weeksAreThoseOfIso8601() {
    assertThat(bucket(TimeBucket.WEEK, "\"2027-01-03\"")).isEqualTo("2026-W53");
    assertThat(bucket(TimeBucket.WEEK, "\"2027-01-04\"")).isEqualTo("2027-W01");
    long seed = Seeds.seed();
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      LocalDate day = LocalDate.ofEpochDay(random.nextInt(40_000));
      String millis = Long.toString(day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli());
      String expected = DateTimeFormatter.ISO_WEEK_DATE.format(day).substring(0, 8);
      assertThat(bucket(TimeBucket.WEEK, millis)).as("seed %s: %s", seed, day).isEqualTo(expected);
    }
  }

  @Test
  void whatIsNoTimeIsInNoBucket() {
    for (String time :
        List.of(
            "null",
            "true",
            "[0]",
            "\"\"",
            "\"2026-02-30\"",
            "\"2026-11-20T24:00:00Z\"",
            "\"2026-11-20T10:60:00Z\"",
            "\"2026-11-20T10:00:61Z\"",
            "\"2026-11-20T10:00:00\"",
            "\"2026-11-20T10:00:00+24:00\"",
            "\"20261120\"",
            "\"9999-12-31T23:59:59-00:01\"",
            "1e15",
            "1e400",
            "-1e15")) {
      for (TimeBucket bucket : TimeBucket.values()) {
        assertThat(bucket.of(QueryFixture.json(time)).isMissingNode()).as(time).isTrue();
      }
    }
  }
}
