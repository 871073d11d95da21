package io.millrace.rest;

import io.millrace.api.Database;

/** The way from the resources to the one database of the server. Safe for use by many threads. */
public interface DatabaseAccess {
  /**
   * The open database.
   *
   * @throws io.millrace.api.error.UnavailableException with the code {@code starting} while the
   *     database is being opened, {@code stopping} once the server ends
   */
  Database database();
}
