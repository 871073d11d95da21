package io.millrace.tck.faults;

import io.millrace.api.store.Store;
import io.millrace.tck.store.StoreFinding;
import io.millrace.tck.store.StoreSteps;

/** A store that {@link StoreSteps} are written to. */
record StoreSession(Store store, StoreSteps steps) implements Session {
  StoreSession(Store store) {
    this(store, new StoreSteps(Subject.SEED));
  }

  @Override
  public void write(int number) {
    steps.write(store, number);
  }

  @Override
  public void force() {
    store.flush();
  }

  @Override
  public Finding read(int most) {
    StoreFinding found = steps.read(store, most);
    return new Finding(found.steps(), found.damage());
  }

  @Override
  public void close() {
    store.close();
  }
}
