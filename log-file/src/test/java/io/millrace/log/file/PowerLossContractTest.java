package io.millrace.log.file;

import io.millrace.api.log.Log;
import io.millrace.tck.Seed;
import io.millrace.tck.log.LogFixture;
import io.millrace.tck.log.LogTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;

/** The contract, in tiny segments on a disk that keeps what it likes of what was not forced. */
final class PowerLossContractTest extends LogTck {
  @Override
  protected LogFixture createFixture() {
    return new Fixture();
  }

  private static final class Fixture implements LogFixture {
    private final MemoryDisk disk = new MemoryDisk();
    private final Random random = Seed.next().random();
    private long opened = random.nextLong();

    @Override
    public Log open() {
      return SegmentedLog.open(TestLogs.SMALL, TestLogs.context(TestLogs.FOLDER, opened++), disk);
    }

    @Override
    public void crash(Log log) {
      MemoryDisk.Unforced[] ways = MemoryDisk.Unforced.values();
      disk.crash(ways[random.nextInt(ways.length)], random);
      TestLogs.abandon(log);
    }

    @Override
    public void damage(long sequence) {
      try {
        TestLogs.damage(disk, TestLogs.FOLDER, sequence);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {}
  }
}
