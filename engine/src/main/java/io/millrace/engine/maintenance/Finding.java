package io.millrace.engine.maintenance;

/**
 * One thing that a check found.
 *
 * @param place a file with a byte position, a record of the log, or a keyspace with a key
 * @param what is wrong there, and what to do
 */
public record Finding(Severity severity, String place, String what) {
  /** How bad a finding is, mildest first. */
  public enum Severity {
    /** Nothing is wrong with the data; it is good to know. */
    HARMLESS,
    /** Nothing is lost: what is wrong can be computed again from the log. */
    REPAIRABLE,
    /** Records of the log are damaged or gone; only a backup has them. */
    LOST
  }

  @Override
  public String toString() {
    return severity + ": " + place + ": " + what;
  }
}
