package io.millrace.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Timeout;

/** A group of tests within the kit. */
@Timeout(600)
abstract class FaultGroup {
  private final FaultsTck kit;

  FaultGroup(FaultsTck kit) {
    this.kit = kit;
  }

  final FaultsTck kit() {
    return kit;
  }

  final Subject subject() {
    return kit.subject();
  }

  final Path work() {
    return kit.work();
  }

  final Child child(List<String> wrapper, String task, Path folder, Integer... numbers) {
    return Child.start(
        wrapper, work(), task, ChildTask.arguments(folder, List.of(numbers), subject()));
  }

  /** Writes the first {@code count} batches into a new folder and closes it in order. */
  final void fill(Path folder, int count) {
    try (Session session = subject().open(folder)) {
      for (int i = 1; i <= count; i++) {
        session.write(i);
        if (i % 10 == 0) {
          session.force();
        }
      }
      session.force();
    }
  }

  /** Leaves what {@code count} batches make, all forced, when the process is killed. */
  final void fillAndKill(Path folder, int count) {
    try (Child child = child(List.of(), ChildTask.WRITE, folder, 1, count, 1)) {
      String line = child.line();
      while (line != null && Integer.parseInt(line) < count) {
        line = child.line();
      }
      assertThat(line).as("the child came to its end: %s", child.errors()).isNotNull();
      child.kill();
    }
  }

  /** What is in a folder, all of which can be read. */
  final int whole(Path folder, int most) {
    try (Session session = subject().open(folder)) {
      Finding finding = session.read(most);
      if (finding.damage() != null) {
        throw new AssertionError("damaged", finding.damage());
      }
      return finding.batches();
    }
  }

  /** The same, twice. */
  final int wholeAndSteady(Path folder, int most) {
    int found = whole(folder, most);
    assertThat(whole(folder, most)).as("a second opening changes nothing").isEqualTo(found);
    return found;
  }
}
