package io.millrace.tck.store;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A random but repeatable sequence of batches and drops, flushed now and then. The same values give
 * the same steps in any process.
 *
 * @param steps how many batches and drops there are
 * @param stepsPerFlush after how many of them the store is flushed
 * @param notes the file in which the last flushed step is noted; survives the process
 */
public record StoreWorkload(long seed, int steps, int stepsPerFlush, Path notes) {
  private static final List<String> KEYSPACES = List.of("a", "aa", "b", "c");
  private static final int KEYS = 300;

  /** One change of one key or range. */
  private record Change(
      String keyspace, byte[] from, byte @Nullable [] to, byte @Nullable [] value) {}

  /** A batch, or a drop when {@code dropped} names a keyspace. */
  private record Step(List<Change> changes, @Nullable String dropped) {}

  /**
   * Does all steps.
   *
   * @param afterEach called after each step
   */
  public void run(Store store, Runnable afterEach) {
    RandomGenerator random = new SplittableRandom(seed);
    for (int done = 1; done <= steps; done++) {
      write(store, next(random, done));
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
    RandomGenerator random = new SplittableRandom(seed);
    StoreModel model = new StoreModel();
    List<Integer> found = new ArrayList<>();
    for (int done = 0; done <= steps; done++) {
      if (done > 0) {
        apply(model, next(random, done));
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

  private static Step next(RandomGenerator random, int number) {
    if (random.nextInt(50) == 0) {
      return new Step(List.of(), keyspace(random));
    }
    List<Change> changes = new ArrayList<>();
    int count = 1 + random.nextInt(20);
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(20);
      byte[] key = key(random.nextInt(KEYS));
      if (kind == 0) {
        byte[] to = key(random.nextInt(KEYS));
        changes.add(new Change(keyspace(random), key, to, null));
      } else if (kind < 4) {
        changes.add(new Change(keyspace(random), key, null, null));
      } else {
        byte[] value = new byte[random.nextInt(400)];
        random.nextBytes(value);
        changes.add(new Change(keyspace(random), key, null, value));
      }
    }
    // A row that nothing changes later, so that the loss of this very batch always shows.
    changes.add(new Change("steps", key(number), null, new byte[0]));
    return new Step(changes, null);
  }

  private static void write(Store store, Step step) {
    if (step.dropped() != null) {
      store.drop(store.keyspace(step.dropped()));
      return;
    }
    try (StoreBatch batch = store.batch()) {
      for (Change change : step.changes()) {
        Keyspace keyspace = store.keyspace(change.keyspace());
        if (change.value() != null) {
          batch.put(keyspace, change.from(), change.value());
        } else if (change.to() != null) {
          batch.deleteRange(keyspace, change.from(), change.to());
        } else {
          batch.delete(keyspace, change.from());
        }
      }
      store.write(batch);
    }
  }

  private static void apply(StoreModel model, Step step) {
    if (step.dropped() != null) {
      model.drop(step.dropped());
      return;
    }
    for (Change change : step.changes()) {
      if (change.value() != null) {
        model.put(change.keyspace(), change.from(), change.value());
      } else if (change.to() != null) {
        model.deleteRange(change.keyspace(), change.from(), change.to());
      } else {
        model.delete(change.keyspace(), change.from());
      }
    }
  }

  private static String keyspace(RandomGenerator random) {
    return KEYSPACES.get(random.nextInt(KEYSPACES.size()));
  }

  private static byte[] key(int number) {
    return String.format("%05d", number).getBytes(StandardCharsets.UTF_8);
  }
}
