package io.millrace.api;

import java.nio.file.Path;

/**
 * A backup that was made.
 *
 * @param folder where it is
 * @param sequence the last one in it
 * @param bytes of all its files
 * @param linkedBytes how many of those are shared with the database or the backup before, and took
 *     no room when the backup was made; 0 where the file system does not tell
 */
public record BackupInfo(Path folder, long sequence, long bytes, long linkedBytes) {}
