package io.millrace.log.file;

import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Log;
import io.millrace.tck.Seed;
import io.millrace.tck.log.LogFixture;
import io.millrace.tck.log.LogTck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
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
    public boolean canRewrite() {
      return true;
    }

    @Override
    public Log open() {
      Log log =
          SegmentedLog.open(TestLogs.SMALL, TestLogs.context(TestLogs.FOLDER, opened++), disk);
      return (Log)
          Proxy.newProxyInstance(
              Log.class.getClassLoader(),
              new Class<?>[] {Log.class},
              (proxy, method, arguments) -> withoutCopies(log, method, arguments));
    }

    /** This disk has one folder, so there is no place for copies; another test has them. */
    private static Object withoutCopies(Log log, Method method, Object[] arguments)
        throws Throwable {
      if (method.getName().equals("checkpoint")) {
        throw new UnsupportedException("checkpoint-unsupported", "one folder");
      }
      try {
        return method.invoke(log, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
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
