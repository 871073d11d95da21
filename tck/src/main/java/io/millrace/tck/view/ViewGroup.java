package io.millrace.tck.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import io.millrace.tck.Seed;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/** What all groups of the contract have in common: the test they belong to, and short words. */
@Timeout(300)
abstract class ViewGroup {
  private final ViewTck tck;
  private final Random random;

  ViewGroup(ViewTck tck) {
    this.tck = tck;
    this.random = tck.seed().random();
  }

  final ViewTck tck() {
    return tck;
  }

  final ViewHost host() {
    return tck.host();
  }

  final Seed seed() {
    return tck.seed();
  }

  final Random random() {
    return random;
  }

  /** Something that holds of every example. */
  @FunctionalInterface
  interface Check {
    void of(ViewExample example) throws Exception;
  }

  /** Checks all examples, also when some fail. */
  final void everyExample(Check check) {
    List<ViewExample> examples = tck.examples();
    assertThat(examples).as("the examples").isNotEmpty();
    assertAll(
        seed().toString(),
        examples.stream().<Executable>map(example -> () -> check(example, check)));
  }

  private static void check(ViewExample example, Check check) throws Exception {
    try {
      check.of(example);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("the definition " + example + ": " + e.getMessage(), e);
    }
  }

  /** Random changes for {@code example}, of documents that can fail among others. */
  final History history(ViewHost host, ViewExample example, int length) {
    return History.random(random, length, () -> host.body(example, random), example.failing());
  }

  /** The same of documents that do not fail. */
  final History soundHistory(ViewHost host, ViewExample example, int length) {
    return History.random(random, length, () -> host.body(example, random), null);
  }

  final History.Maker changes() {
    return new History.Maker(random);
  }

  /** The same keyspace and the same answers. */
  static void assertSame(HostedView view, HostedView other) {
    assertThat(view.answers()).as("answers").isEqualTo(other.answers());
    assertThat(view.bytes()).as("the keyspace").isEqualTo(other.bytes());
  }
}
