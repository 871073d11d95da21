package io.millrace.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.tck.Seed;
import io.millrace.tck.TemporaryFolder;
import io.millrace.tck.Thoroughness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Each file is damaged in each way, and either that is reported, or everything that is read is what
 * was written.
 *
 * <p>What is cut off, or a file that is gone, may take the last batches with it, without a word: it
 * looks like a crash. So may a damage at the end of what a crash has left, by one batch of a log.
 */
abstract class DamageTests extends FaultGroup {
  private static final int BATCHES = 150;
  private static final int FLIPS = 3;

  /** After which no further round begins; some engines try for long to get over a damage. */
  private static final long MOST_SECONDS = 20;

  DamageTests(FaultsTck kit) {
    super(kit);
  }

  @Test
  void damageAfterAnOrderlyEndIsReportedOrHarmless() {
    Path folder = work().resolve("closed");
    fill(folder, BATCHES);
    damageEveryFile(Image.of(folder));
  }

  @Test
  void damageAfterAKillIsReportedOrHarmless() {
    Path folder = work().resolve("killed");
    fillAndKill(folder, BATCHES);
    damageEveryFile(Image.of(folder));
  }

  private void damageEveryFile(Image image) {
    Seed seed = Seed.next();
    Random random = seed.random();
    List<String> wrong = new ArrayList<>();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
    int rounds = Thoroughness.times(1, 200);
    for (int round = 0; round < rounds && System.nanoTime() < end; round++) {
      for (Map.Entry<Path, byte[]> file : image.files().entrySet()) {
        for (Damage damage : damages(file.getKey(), file.getValue().length, round, random)) {
          String verdict = verdict(image, damage);
          if (verdict != null) {
            wrong.add(damage + ": " + verdict);
          }
        }
      }
    }
    assertThat(wrong).as("with %s", seed).isEmpty();
  }

  private static List<Damage> damages(Path file, int bytes, int round, Random random) {
    List<Damage> damages = new ArrayList<>();
    if (round == 0) {
      damages.add(Damage.of(Damage.Kind.REMOVAL, file, Math.max(1, bytes), random));
    }
    if (bytes > 0) {
      for (int i = 0; i < FLIPS; i++) {
        damages.add(Damage.of(Damage.Kind.FLIP, file, bytes, random));
      }
      damages.add(Damage.of(Damage.Kind.ZEROS, file, bytes, random));
      damages.add(Damage.of(Damage.Kind.CUT, file, bytes, random));
      damages.add(Damage.of(Damage.Kind.APPENDAGE, file, bytes, random));
    }
    return damages;
  }

  /** What is wrong with the way in which it takes the damage; null when nothing is. */
  private @Nullable String verdict(Image image, Damage damage) {
    byte[] content = image.files().get(damage.file());
    byte[] damaged = damage.appliedTo(content);
    try (TemporaryFolder place = TemporaryFolder.create()) {
      Path folder = place.path().resolve("damaged");
      image.with(damage.file(), damaged).writeTo(folder);
      Session session;
      try {
        session = subject().open(folder);
      } catch (CorruptionException | UnsupportedException e) {
        return null;
      }
      try {
        Finding finding = session.read(BATCHES);
        return finding.damage() != null ? null : verdict(damage, finding.batches());
      } finally {
        close(session);
      }
    } catch (MillraceException e) {
      return "answered with " + e.code() + " instead of corruption: " + e.getMessage();
    } catch (AssertionError | RuntimeException e) {
      return e.toString();
    }
  }

  private @Nullable String verdict(Damage damage, int batches) {
    int lost = BATCHES - batches;
    boolean asIfTorn =
        damage.kind() == Damage.Kind.CUT
            || damage.kind() == Damage.Kind.REMOVAL
            || damage.kind() == Damage.Kind.ZEROS;
    int most = subject().acknowledgesEachBatch() ? 1 : 0;
    if (lost <= most || asIfTorn || !kit().noticesDamageAtTheEnd()) {
      return null;
    }
    return "the last " + lost + " batches are missing without a word";
  }

  /** It may have met its damage in between, and says so. */
  private static void close(Session session) {
    try {
      session.close();
    } catch (MillraceException e) {
      session.close();
    }
  }
}
