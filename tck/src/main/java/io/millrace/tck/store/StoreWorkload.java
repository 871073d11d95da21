package io.millrace.tck.store;

import io.millrace.api.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link StoreSteps}, flushed now and then. The same values give the same steps in any process.
 *
 * @param steps how many batches and drops there are
 * @param stepsPerFlush after how many of them the store is flushed
 * @param notes the file in which the last flushed step is noted; survives the process
 */
public record StoreWorkload(long seed, int steps, int stepsPerFlush, Path notes) {
  /**
   * Does all steps.
   *
   * @param afterEach called after each step
   */
  public void run(Store store, Runnable afterEach) {
    StoreSteps all = new StoreSteps(seed);
    for (int done = 1; done <= steps; done++) {
      all.write(store, done);
      if (done % stepsPerFlush == 0) {
        store.flush();
        note(done);
      }
      afterEach.run();
    }
  }

  /** The step up to which a flush has returned; 0 for none. */
  int flushedSteps() {
    try {
      return Files.exists(notes) ? Integer.parseInt(Files.readString(notes)) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The numbers of steps after which a store has exactly the rows of {@code survivors}. */
  List<Integer> stepsThatLeadTo(StoreModel survivors) {
    StoreSteps all = new StoreSteps(seed);
    StoreModel model = new StoreModel();
    List<Integer> found = new ArrayList<>();
    for (int done = 0; done <= steps; done++) {
      if (done > 0) {
        all.apply(model, done);
      }
      if (model.sameRows(survivors)) {
        found.add(done);
      }
    }
    return found;
  }

  private void note(int flushed) {
    try {
      // By renaming: a file cut short by the end of the process must not be read as a number.
      Path next = notes.resolveSibling(notes.getFileName() + ".next");
      Files.writeString(next, Integer.toString(flushed));
      Files.move(next, notes, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
