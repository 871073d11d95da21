package io.millrace.api.error;

/** Text that is not the JSON that is accepted here, with the place of the first fault. */
public class MalformedJsonException extends InvalidRequestException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final int column;

  /**
   * @param line from 1; 0 when unknown
   * @param column in bytes of UTF-8, from 1; 0 when unknown
   */
  public MalformedJsonException(String reason, int line, int column) {
    super("malformed-json", reason + " at line " + line + ", column " + column);
    this.line = line;
    this.column = column;
  }

  /** The line of the fault, from 1. */
  public int line() {
    return line;
  }

  /** The column of the fault, from 1. */
  public int column() {
    return column;
  }
}
