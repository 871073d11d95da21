package io.millrace.tck.view;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Random;
import java.util.TimeZone;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Rows that are computed elsewhere, at another time, are the same. */
abstract class DeterminismTests extends ViewGroup {
  DeterminismTests(ViewTck tck) {
    super(tck);
  }

  /** A clock that is never where it was. */
  private static Clock hurrying() {
    AtomicLong days = new AtomicLong();
    Instant start = Instant.parse("2031-05-06T07:08:09Z");
    InstantSource source = () -> start.plus(Duration.ofDays(days.incrementAndGet()));
    return source.withZone(ZoneOffset.ofHours(5));
  }

  @Test
  void rowsDependOnNoClockNoRandomnessAndNoStore() {
    ViewHost host = host();
    ViewHost elsewhere = tck().host(ViewTck.MEMORY, hurrying(), new Random(2));
    everyExample(
        example -> {
          History history = history(host, example, 150);
          HostedView view = host.view(example).giveAtRandom(history, random());
          long millis = System.currentTimeMillis();
          while (System.currentTimeMillis() - millis < 2) {
            Thread.onSpinWait();
          }
          assertSame(elsewhere.view(example).giveAll(history), view);
        });
  }

  @Test
  void rowsDependOnNoLocaleAndNoTimeZone() {
    ViewHost host = host();
    everyExample(
        example -> {
          History history = history(host, example, 80);
          HostedView here = host.view(example).giveAll(history);
          Locale locale = Locale.getDefault();
          TimeZone zone = TimeZone.getDefault();
          try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            TimeZone.setDefault(TimeZone.getTimeZone(ZoneId.of("Pacific/Apia")));
            ViewHost there = tck().host(ViewTck.MEMORY, hurrying(), new Random(3));
            assertSame(there.view(example).giveAll(history), here);
          } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
          }
        });
  }

  @Test
  void rowsDependOnNothingThatAnotherBuildHasSeen() {
    ViewHost host = host();
    ViewHost unused = host();
    everyExample(
        example -> {
          for (int i = 0; i < 3; i++) {
            host.view(example).giveAll(history(host, example, 60));
          }
          History history = history(host, example, 60);
          assertSame(host.view(example).giveAll(history), unused.view(example).giveAll(history));
        });
  }
}
