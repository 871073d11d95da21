package io.millrace.engine.replication;

import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.TellChanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The network between the peers of a simulation: loses, doubles, delays and exchanges frames as the
 * {@link Weather} is, and cuts and heals the ways from one host to another.
 */
final class SimulatedNetwork {
  /** The longest frame that any transport takes. */
  static final int MAX_FRAME_BYTES = 2 << 20;

  private static final int REMEMBERED_FRAMES = 64;

  private final SimulatedTime time;
  private final RandomGenerator random;
  private final Map<String, SimulatedTransport> listening = new HashMap<>();
  private final Set<Way> cut = new HashSet<>();
  private final Map<Way, List<byte[]>> past = new HashMap<>();
  private @Nullable Consumer<Carried> observer;
  private Weather weather = Weather.FAIR;
  private long frames;

  SimulatedNetwork(SimulatedTime time, RandomGenerator random) {
    this.time = time;
    this.random = random;
  }

  /** From one host to another. */
  record Way(String from, String to) {}

  /** A frame that was sent, whether or not it arrives. */
  record Carried(Way way, byte[] frame) {}

  /** The transport of one life of a host. */
  SimulatedTransport transport(String host, boolean reachable) {
    return new SimulatedTransport(this, host, reachable);
  }

  /** Where {@code host} is reached. */
  static String address(String host) {
    return "sim://" + host;
  }

  /** Who sees every frame that is sent. */
  void observe(Consumer<Carried> each) {
    observer = each;
  }

  SimulatedTime time() {
    return time;
  }

  RandomGenerator random() {
    return random;
  }

  Weather weather() {
    return weather;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** How many frames were sent. */
  long frames() {
    return frames;
  }

  void cut(String from, String to) {
    cut.add(new Way(from, to));
  }

  boolean isCut(String from, String to) {
    return cut.contains(new Way(from, to));
  }

  void heal(String from, String to) {
    cut.remove(new Way(from, to));
  }

  void healAll() {
    cut.clear();
  }

  void listen(String address, SimulatedTransport transport) {
    listening.put(address, transport);
  }

  void silence(String address, SimulatedTransport transport) {
    listening.remove(address, transport);
  }

  @Nullable SimulatedTransport listener(String address) {
    return listening.get(address);
  }

  /** Sends {@code frame} on its way. */
  void carry(SimulatedLink from, SimulatedLink to, byte[] frame) {
    frames++;
    Way way = new Way(from.host(), to.host());
    if (observer != null) {
      observer.accept(new Carried(way, frame));
    }
    if (cut.contains(way) || chance(weather.losses())) {
      return;
    }
    to.deliver(frame, delay());
    if (chance(weather.doubles())) {
      to.deliver(frame.clone(), delay());
    }
    if (chance(weather.garbage())) {
      to.deliver(garbage(frame), delay());
    }
    replay(from, to, way, frame);
  }

  /** Repeats frames of long ago, if possible those that might be taken for what is waited for. */
  private void replay(SimulatedLink from, SimulatedLink to, Way way, byte[] frame) {
    List<byte[]> remembered = past.computeIfAbsent(way, key -> new ArrayList<>());
    Message message = Frames.decode(frame);
    if (message instanceof AskChanges ask && chance(10 * weather.replays())) {
      for (byte[] old : past.getOrDefault(new Way(way.to(), way.from()), List.of())) {
        if (Frames.decode(old) instanceof TellChanges tell
            && tell.request() == ask.request()
            && tell.session() != ask.session()
            && tell.changes().to() > ask.after()) {
          // Before the true answer.
          from.deliver(old.clone(), 0);
        }
      }
    } else if (!remembered.isEmpty() && chance(weather.replays())) {
      to.deliver(remembered.get(random.nextInt(remembered.size())).clone(), delay());
    }
    if (remembered.size() < REMEMBERED_FRAMES) {
      remembered.add(frame.clone());
    } else if (message instanceof TellChanges || random.nextInt(16) == 0) {
      remembered.set(random.nextInt(remembered.size()), frame.clone());
    }
  }

  private byte[] garbage(byte[] frame) {
    byte[] bytes = new byte[random.nextInt(64)];
    random.nextBytes(bytes);
    // As far as the magic it may look right.
    System.arraycopy(frame, 0, bytes, 0, Math.min(random.nextInt(5), bytes.length));
    return bytes;
  }

  private long delay() {
    int most = chance(weather.delays()) ? weather.longestMillis() : weather.usualMillis();
    return 1 + random.nextInt(most);
  }

  boolean chance(int ofThousand) {
    return ofThousand > 0 && random.nextInt(1_000) < ofThousand;
  }
}
