package io.millrace.engine;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.TransportProvider;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/** Where the databases of one test hear one another. */
final class Hall {
  private static final Setting<String> PLACE =
      new Setting<>("place", "Where it sits.", "", "a name", true, text -> text);

  private final Map<String, Seat> seats = new ConcurrentHashMap<>();

  /** {@code builder} with a transport that others reach at {@code place}. */
  MillraceBuilder at(String place, MillraceBuilder builder) {
    return builder
        .transports(Modules.of("transport", List.of(new Provider())))
        .transport("hall", Map.of("place", place));
  }

  private final class Provider implements TransportProvider {
    @Override
    public String name() {
      return "hall";
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
      return List.of(PLACE);
    }

    @Override
    public Transport open(Settings settings, ModuleContext context) {
      return new Seat(settings.get(PLACE));
    }

    @Override
    public KeyPair generateKeys() {
      throw new UnsupportedException("no-keys", "nothing is secret in a hall");
    }
  }

  private final class Seat implements Transport {
    private final String place;
    private final ExecutorService ears;
    private final Set<Way> ways = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Acceptor acceptor;

    Seat(String place) {
      this.place = place;
      this.ears = Executors.newSingleThreadExecutor(task -> new Thread(task, "millrace-hall"));
    }

    @Override
    public void require(String address, @Nullable String key) {
      if (address.isBlank()) {
        throw new InvalidRequestException("invalid-address", "nobody sits there");
      }
    }

    @Override
    public String address() {
      return place;
    }

    @Override
    public @Nullable String key() {
      return null;
    }

    @Override
    public int maxFrameBytes() {
      return 64 << 20;
    }

    @Override
    public void listen(Acceptor theAcceptor) {
      acceptor = theAcceptor;
      seats.put(place, this);
    }

    @Override
    public Link connect(String address, @Nullable String key, LinkListener listener) {
      Way way = new Way(this, address);
      way.listener = listener;
      ways.add(way);
      return way;
    }

    void hear(Way way, byte[] frame) {
      try {
        ears.execute(
            () -> {
              LinkListener listener = way.listener;
              if (listener != null) {
                listener.received(frame);
              }
            });
      } catch (RejectedExecutionException e) {
        // Nobody listens any more.
      }
    }

    @Override
    public void close() {
      seats.remove(place, this);
      ways.forEach(way -> way.listener = null);
      ways.clear();
      ears.shutdown();
    }
  }

  /** One end of a link. */
  private final class Way implements Link {
    private final Seat from;
    private final @Nullable String to;
    private volatile @Nullable LinkListener listener;
    private volatile @Nullable Way other;

    /**
     * @param to where it leads; null for the end that was connected to
     */
    Way(Seat from, @Nullable String to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public boolean send(byte[] frame) {
      Way end = other;
      String address = to;
      if (address != null) {
        Seat seat = seats.get(address);
        if (end == null || end.from != seat) {
          end = seat == null ? null : reach(seat);
          other = end;
        }
      }
      if (end == null || end.listener == null) {
        return false;
      }
      end.from.hear(end, frame);
      return true;
    }

    private @Nullable Way reach(Seat seat) {
      Transport.Acceptor acceptor = seat.acceptor;
      if (acceptor == null) {
        return null;
      }
      Way back = new Way(seat, null);
      back.other = this;
      back.listener = acceptor.accepted(back);
      seat.ways.add(back);
      return back;
    }

    @Override
    public String remote() {
      return to == null ? "somebody in the hall" : to;
    }

    @Override
    public @Nullable String remoteKey() {
      return null;
    }

    @Override
    public void close() {
      listener = null;
      from.ways.remove(this);
      Way end = other;
      other = null;
      if (to != null && end != null) {
        LinkListener far = end.listener;
        end.from.ways.remove(end);
        end.listener = null;
        if (far != null) {
          far.closed("the other side went away");
        }
      }
    }
  }
}
