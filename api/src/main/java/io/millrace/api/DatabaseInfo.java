package io.millrace.api;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wants to know of an open database.
 *
 * @param node the name that the operator gave to this server
 * @param logBytes what the log occupies on disk
 * @param storeBytes what indexes and views occupy on disk
 * @param reclaimedBytes by how much compaction made the log smaller since the database was opened
 * @param modules all modules that were found
 * @param writeFailure why writes are refused at present; null when they are not
 */
public record DatabaseInfo(
    UUID uuid,
    String node,
    long sequence,
    long logBytes,
    long storeBytes,
    long reclaimedBytes,
    List<Module> modules,
    @Nullable String writeFailure) {
  /**
   * A module that was found.
   *
   * @param kind {@code log}, {@code store}, {@code view} or {@code fold}
   * @param version of the module itself; {@code unknown} when its jar does not say
   * @param formatVersion of what it writes; 0 for a module that writes nothing
   * @param origin {@code built in}, or the file of the plug-in that it was read from
   * @param chosen whether this database uses it
   */
  public record Module(
      String kind, String name, String version, int formatVersion, String origin, boolean chosen) {}
}
