package io.millrace.backend.memory;

import io.millrace.api.log.Log;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.tck.log.LogFixture;
import io.millrace.tck.log.LogTck;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

final class MemoryLogContractTest extends LogTck {
  @Override
  protected LogFixture createFixture() {
    return new MemoryFixture(new Random());
  }

  private record MemoryFixture(Random random) implements LogFixture {
    @Override
    public boolean canRewrite() {
      return true;
    }

    @Override
    public Log open() {
      MemoryLogProvider provider = new MemoryLogProvider();
      return provider.open(
          Settings.parse("", provider.settings(), Map.of("max-record-size", "1MiB")),
          new ModuleContext(Path.of("unused"), Clock.systemUTC(), random, Meters.none()));
    }

    @Override
    public boolean keepsRecords() {
      return false;
    }

    @Override
    public boolean canCrash() {
      return false;
    }

    @Override
    public boolean canDamage() {
      return false;
    }

    @Override
    public void crash(Log log) {
      throw new UnsupportedOperationException("a crash leaves nothing of a log in memory");
    }

    @Override
    public void damage(long sequence) {
      throw new UnsupportedOperationException("there are no stored bytes");
    }

    @Override
    public void close() {}
  }
}
