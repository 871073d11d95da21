package io.millrace.log.file;

import io.millrace.api.log.Log;
import io.millrace.spi.Settings;
import io.millrace.tck.TemporaryFolder;
import io.millrace.tck.log.LogFixture;
import io.millrace.tck.log.LogTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/** The contract, on the file system of the machine; a crash is the death of the process. */
final class FileLogContractTest extends LogTck {
  @Override
  protected LogFixture createFixture() {
    return new Fixture();
  }

  private static final class Fixture implements LogFixture {
    private final TemporaryFolder folder = TemporaryFolder.create();
    private FaultyDisk disk = new FaultyDisk(new ChannelDisk());

    @Override
    public Log open() {
      disk = new FaultyDisk(new ChannelDisk());
      return SegmentedLog.open(
          options(), TestLogs.context(folder.path().resolve("log"), folder.hashCode()), disk);
    }

    @Override
    public boolean canCheckpoint() {
      return true;
    }

    @Override
    public boolean canRewrite() {
      return true;
    }

    @Override
    public Log openCopy(Path copy) {
      return SegmentedLog.open(options(), TestLogs.context(copy, 1), new ChannelDisk());
    }

    private static LogOptions options() {
      return LogOptions.of(
          Settings.parse(
              "", LogOptions.SETTINGS, Map.of("max-record-size", "2MiB", "segment-size", "64KiB")));
    }

    @Override
    public void crash(Log log) {
      try {
        disk.kill();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      TestLogs.abandon(log);
    }

    @Override
    public void damage(long sequence) {
      try {
        TestLogs.damage(new ChannelDisk(), folder.path().resolve("log"), sequence);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      folder.close();
    }
  }
}
