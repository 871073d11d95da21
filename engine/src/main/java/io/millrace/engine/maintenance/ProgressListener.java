package io.millrace.engine.maintenance;

/** Hears how far a long piece of work has come. Called on the thread that works; must be quick. */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Work has gone on.
   *
   * @param step what is being done, for example {@code reading the log}
   * @param done how much of this step is done
   * @param total how much there is to do in this step, as far as known; at least {@code done}
   * @param unit what is counted, for example {@code records}
   */
  void progress(String step, long done, long total, String unit);
}
