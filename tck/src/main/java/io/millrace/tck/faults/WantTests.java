package io.millrace.tck.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.millrace.api.error.UnavailableException;
import io.millrace.tck.Thoroughness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** There is no room, no permission, no file handle, or somebody else. */
abstract class WantTests extends FaultGroup {
  private static final int BATCHES = 40;
  private static final int DISK_MEBIBYTES = 30;
  private static final int MOST_BATCHES_PER_MEBIBYTE = 5_000;
  private static final int FILE_HANDLES = 400;

  WantTests(FaultsTck kit) {
    super(kit);
  }

  @Test
  void fullDiskRefusesWritesAndLosesNothing() throws IOException {
    Path disk = Files.createDirectory(work().resolve("disk"));
    int free = kit().mebibytesUntilFull();
    int size = 2 * free + DISK_MEBIBYTES;
    run(
        mounting("mount -t tmpfs -o size=" + size + "m none \"$0\"", disk),
        ChildTask.FULL_DISK,
        disk,
        free,
        free * MOST_BATCHES_PER_MEBIBYTE);
  }

  @Test
  void readOnlyFolderIsReadOrRefused() throws IOException {
    Path parent = Files.createDirectory(work().resolve("read-only"));
    Path folder = parent.resolve("filled");
    fill(folder, BATCHES);
    List<String> wrapper =
        mounting("mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"", parent);
    run(wrapper, ChildTask.READ_ONLY, folder, BATCHES);
    assertThat(wholeAndSteady(folder, BATCHES)).isEqualTo(BATCHES);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void tooFewFileHandlesLoseNothing() {
    Path folder = work().resolve("few");
    fill(folder, BATCHES);
    run(
        List.of("sh", "-c", "ulimit -n " + FILE_HANDLES + " && exec \"$@\"", "sh"),
        ChildTask.FEW_HANDLES,
        folder,
        BATCHES,
        Thoroughness.times(0, 1));
  }

  @Test
  void secondProcessIsRefusedAndDisturbsNobody() {
    Path folder = work().resolve("shared");
    try (Session session = subject().open(folder)) {
      session.write(1);
      session.force();
      assertThatThrownBy(() -> subject().open(folder).close())
          .as("a second time in the same process")
          .isInstanceOf(UnavailableException.class);
      try (Child second = child(List.of(), ChildTask.SECOND, folder, 0)) {
        assertThat(second.line()).contains("-locked: ").contains(folder.toString());
        second.awaitSuccess();
      }
      session.write(2);
      session.force();
      assertThat(session.read(2)).isEqualTo(new Finding(2, null));
    }
    assertThat(wholeAndSteady(folder, 2)).isEqualTo(2);
  }

  private void run(List<String> wrapper, String task, Path folder, Integer... numbers) {
    try (Child child = child(wrapper, task, folder, numbers)) {
      child.awaitSuccess();
    }
  }

  /** A command that mounts something at {@code place}, for itself alone, and goes on. */
  private static List<String> mounting(String mount, Path place) throws IOException {
    assumeThat(canMount(place)).as("unshare -rm and mount are allowed here").isTrue();
    return List.of("unshare", "-rm", "sh", "-c", mount + " && exec \"$@\"", place.toString());
  }

  private static boolean canMount(Path place) throws IOException {
    try {
      Process probe =
          new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "none", place.toString())
              .redirectErrorStream(true)
              .start();
      probe.getInputStream().readAllBytes();
      return probe.waitFor(10, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
