package io.millrace.replication.zmq;

import io.millrace.api.replication.Transport;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Settings;
import io.millrace.spi.TransportProvider.KeyPair;
import io.millrace.tck.TemporaryFolder;
import io.millrace.tck.transport.TransportFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/** Transports on free ports of this machine. */
final class TestTransports implements TransportFixture {
  static final int WINDOW_BYTES = 1 << 20;

  private final TemporaryFolder folder = TemporaryFolder.create();
  private final AtomicInteger files = new AtomicInteger();
  private final ZmqTransportProvider provider = new ZmqTransportProvider();
  final Counts counts = new Counts();

  /** Counts what transports count. */
  static final class Counts implements Meters {
    private final Map<String, AtomicLong> values = new ConcurrentHashMap<>();

    long value(String name) {
      AtomicLong value = values.get(name);
      return value == null ? 0 : value.get();
    }

    @Override
    public Counter counter(String name, String description) {
      return values.computeIfAbsent(name, key -> new AtomicLong())::addAndGet;
    }

    @Override
    public Distribution distribution(String name, String unit, String description) {
      return amount -> {};
    }

    @Override
    public Distribution timer(String name, String description) {
      return amount -> {};
    }

    @Override
    public void gauge(String name, String unit, String description, DoubleSupplier value) {}
  }

  Transport open(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("port", "0");
    all.put("max-frame-size", "1MiB");
    all.put("window", WINDOW_BYTES / 1024 + "KiB");
    all.putAll(settings);
    return provider.open(
        Settings.parse("millrace.replication.zmq.", provider.settings(), all),
        new ModuleContext(
            folder.path().resolve("replication"), Clock.systemUTC(), new Random(1), counts));
  }

  Path file(String content) {
    try {
      Path file = folder.path().resolve("keys-" + files.incrementAndGet());
      return Files.writeString(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Transport open() {
    return open(Map.of());
  }

  @Override
  public Transport openAt(String address) {
    return open(Map.of("port", address.substring(address.lastIndexOf(':') + 1)));
  }

  @Override
  public long mostBytesUnderWay() {
    return 2L * WINDOW_BYTES;
  }

  @Override
  public boolean hasKeys() {
    return true;
  }

  @Override
  public KeyPair newKeys() {
    return provider.generateKeys();
  }

  @Override
  public Transport openWithKeys(KeyPair keys, Set<String> allowed) {
    return open(
        Map.of(
            "secret-key-file",
            file(keys.secretKey() + " of this server\n").toString(),
            "allowed-keys",
            String.join(", ", allowed)));
  }

  @Override
  public void close() {
    folder.close();
  }
}
