package io.millrace.tck.store;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.Store;
import io.millrace.api.store.StoreBatch;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An endless random but repeatable sequence of batches and drops, counted from 1. The same seed
 * gives the same steps in any process, and each can be had without those before it.
 */
public record StoreSteps(long seed) {
  private static final List<String> KEYSPACES = List.of("a", "aa", "b", "c");
  private static final int KEYS = 300;

  /**
   * The keyspace with a row for each batch, which nothing changes later: so the loss of any shows,
   * and a store grows.
   */
  static final String COUNTING = "steps";

  private static final int COUNTING_BYTES = 1_000;

  /** One change of one key or range. */
  private record Change(
      String keyspace, byte[] from, byte @Nullable [] to, byte @Nullable [] value) {}

  /** A batch, or a drop when {@code dropped} names a keyspace. */
  private record Step(List<Change> changes, @Nullable String dropped) {}

  /** Does one step. */
  public void write(Store store, int number) {
    write(store, step(number));
  }

  /**
   * Reads everything that {@code store} holds, in every way.
   *
   * @param most how many steps were done at most
   * @throws AssertionError when it is not what some number of steps leads to
   */
  public StoreFinding read(Store store, int most) {
    return StoreObservation.of(store, allKeys(most)).explainedBy(this, most);
  }

  /** Does one step to the model. */
  void apply(StoreModel model, int number) {
    apply(model, step(number));
  }

  /** Whether a step drops a keyspace, which leaves no row to tell. */
  boolean isDrop(int number) {
    return step(number).dropped() != null;
  }

  /** Which step left a row, given as text, in {@link #COUNTING}; 0 for none. */
  static int number(String row) {
    byte[] key = HexFormat.of().parseHex(row.substring(0, row.indexOf('=')));
    String digits = new String(key, StandardCharsets.UTF_8);
    return digits.matches("\\d{7}") ? Integer.parseInt(digits) : 0;
  }

  /** Every keyspace, with every key that is ever written in so many steps. */
  private static StoreModel allKeys(int most) {
    StoreModel all = new StoreModel();
    for (String keyspace : KEYSPACES) {
      for (int i = 0; i < KEYS; i++) {
        all.put(keyspace, key(i), new byte[0]);
      }
    }
    for (int i = 1; i <= most; i++) {
      all.put(COUNTING, key(i), new byte[0]);
    }
    return all;
  }

  private Step step(int number) {
    RandomGenerator random = new SplittableRandom(seed + number * 0x9e3779b97f4a7c15L);
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
    byte[] counting = new byte[COUNTING_BYTES];
    random.nextBytes(counting);
    changes.add(new Change(COUNTING, key(number), null, counting));
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
    return String.format("%07d", number).getBytes(StandardCharsets.UTF_8);
  }
}
