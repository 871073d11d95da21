package io.millrace.engine.maintenance;

import io.millrace.api.log.Incarnation;
import java.util.UUID;

/**
 * A database that was restored, or converted.
 *
 * @param uuid of the new database
 * @param incarnation of its log
 * @param sequence the last one in it, the same as in the source
 * @param digest SHA-256 over all records, the same for source and copy
 * @param documents live documents in the index; -1 when the index is built at the first start
 */
public record CopyReport(
    UUID uuid, Incarnation incarnation, long sequence, String digest, long documents) {}
