package io.millrace.engine.forget;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What was gone through need not be gone through again, and nothing is passed over. */
class RuleTest {
  private static final int LAST = 8;

  private static Rule rule(Random random) {
    boolean keeps = random.nextBoolean();
    boolean ages = !keeps || random.nextBoolean();
    return new Rule(
        random.nextInt(LAST + 2),
        keeps ? 1 + random.nextInt(4) : 0,
        ages ? random.nextInt(LAST + 2) : Long.MAX_VALUE);
  }

  /** Whether {@code rule} forgets change {@code at} of a document that changed at each sequence. */
  private static boolean forgets(Rule rule, long at, long last) {
    long newer = Math.max(0, Math.min(rule.horizon(), last) - at);
    return at < last && rule.forgets(at + 1, newer);
  }

  @Test
  void ruleThatAddsNothingForgetsNothingMore() {
    Seed seed = Seed.next();
    Random random = seed.random();
    int nothing = 0;
    for (int i = 0; i < 20_000; i++) {
      Rule earlier = rule(random);
      Rule now = rule(random);
      long last = random.nextInt(LAST + 1);
      if (now.addsNothingTo(earlier, last)) {
        nothing++;
        for (long at = 1; at <= last; at++) {
          if (forgets(now, at, last)) {
            assertThat(forgets(earlier, at, last))
                .as("%s after %s, change %d of %d, %s", now, earlier, at, last, seed)
                .isTrue();
          }
        }
      }
    }
    assertThat(nothing).isBetween(2_000, 18_000);
  }

  @Test
  void sameRuleAddsSomethingOnlyWhenTheBucketChanged() {
    Rule keep = new Rule(10, 3, Long.MAX_VALUE);
    assertThat(keep.addsNothingTo(Rule.NOTHING, 10)).isFalse();
    assertThat(new Rule(20, 3, Long.MAX_VALUE).addsNothingTo(keep, 10)).isTrue();
    assertThat(new Rule(20, 3, Long.MAX_VALUE).addsNothingTo(keep, 11)).isFalse();
    assertThat(new Rule(20, 2, Long.MAX_VALUE).addsNothingTo(keep, 10)).isFalse();
    Rule aged = new Rule(10, 0, 5);
    assertThat(new Rule(20, 0, 5).addsNothingTo(aged, 15)).isTrue();
    assertThat(new Rule(20, 0, 6).addsNothingTo(aged, 15)).isFalse();
    assertThat(new Rule(20, 0, 6).addsNothingTo(aged, 5)).isTrue();
  }

  @Test
  void ruleIsReadAsItWasWritten() {
    Rule rule = new Rule(1L << 40, 7, Long.MAX_VALUE);
    assertThat(Rule.decode(rule.encode())).isEqualTo(rule);
    assertThat(Rule.decode(null)).isEqualTo(Rule.NOTHING);
  }
}
