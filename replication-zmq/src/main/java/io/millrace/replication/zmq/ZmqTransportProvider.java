package io.millrace.replication.zmq;

import io.millrace.api.replication.Transport;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.TransportProvider;
import java.util.List;

/** Opens transports over ZeroMQ. */
public final class ZmqTransportProvider implements TransportProvider {
  @Override
  public String name() {
    return "zmq";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 0;
  }

  @Override
  public List<Setting<?>> settings() {
    return ZmqOptions.SETTINGS;
  }

  @Override
  public Transport open(Settings settings, ModuleContext context) {
    return ZmqTransport.open(ZmqOptions.of(settings), context.meters());
  }

  @Override
  public KeyPair generateKeys() {
    return Keys.generate().asTexts();
  }
}
