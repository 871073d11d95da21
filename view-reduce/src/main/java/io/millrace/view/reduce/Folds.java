package io.millrace.view.reduce;

import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The folds written in Java that were found, by name. */
final class Folds {
  private Folds() {}

  /**
   * Looks for folds: with the loader of the thread, which is that of the application or of a
   * plug-in.
   *
   * @throws IllegalStateException when two have the same name
   */
  static Map<String, Fold> find() {
    Map<String, Fold> folds = new TreeMap<>();
    for (Fold fold : ServiceLoader.load(Fold.class)) {
      Fold other = folds.put(fold.name(), fold);
      if (other != null) {
        throw new IllegalStateException(
            "two folds are called '"
                + fold.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + fold.getClass().getName());
      }
    }
    return folds;
  }
}
