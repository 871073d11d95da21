package io.millrace.replication.zmq;

import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one transport, checked.
 *
 * @param host the address of this machine to listen on
 * @param port where to listen; 0 for any that is free, {@link #OFF} for nowhere
 * @param maxFrameBytes the longest frame, before it is compressed
 * @param windowBytes how many bytes of frames may be under way on a link, each way
 * @param maxLinks the most links that others may open
 * @param keys the keys of this server; null to encrypt nothing
 * @param allowed the public keys of those who may connect
 * @param insecure whether others than this machine may be spoken with without keys
 */
record ZmqOptions(
    String host,
    int port,
    int maxFrameBytes,
    int windowBytes,
    int maxLinks,
    @Nullable Keys keys,
    Set<String> allowed,
    boolean insecure) {
  static final int OFF = -1;

  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private static final Setting<String> HOST =
      new Setting<>(
          "host",
          "The address of this machine on which other servers reach it",
          "127.0.0.1",
          "an IP address or a name",
          true,
          ZmqOptions::host);
  private static final Setting<Integer> PORT =
      new Setting<>(
          "port",
          "The port on which other servers reach it; 0 takes any that is free",
          "1445",
          "a whole number from 0 to 65535, or off",
          true,
          ZmqOptions::port);
  private static final Setting<Long> MAX_FRAME_SIZE =
      Setting.size(
          "max-frame-size", "The longest frame; the same on all servers", "80MiB", KIB, 512 * MIB);
  private static final Setting<Long> WINDOW =
      Setting.size(
          "window",
          "How many bytes may be under way to another server, or from it, before they are read; one"
              + " frame may exceed it",
          "16MiB",
          64 * KIB,
          512 * MIB);
  private static final Setting<Long> MAX_LINKS =
      Setting.number("max-links", "The most servers that may connect to this one", 100, 1, 10_000);
  private static final Setting<String> SECRET_KEY_FILE =
      new Setting<>(
          "secret-key-file",
          "The file with the secret key of this server; without one nothing is encrypted",
          "",
          "the path of a file",
          true,
          text -> text);
  private static final Setting<Set<String>> ALLOWED_KEYS =
      new Setting<>(
          "allowed-keys",
          "The public keys of the servers that may connect; without any nobody may, if this one has"
              + " a key",
          "",
          "public keys of 40 letters each, separated by commas or spaces",
          true,
          Keys::publicKeys);
  private static final Setting<String> ALLOWED_KEYS_FILE =
      new Setting<>(
          "allowed-keys-file",
          "A file with more of these keys, one at the beginning of each line",
          "",
          "the path of a file",
          true,
          text -> text);
  private static final Setting<Boolean> INSECURE =
      Setting.flag(
          "insecure",
          "Whether to speak with other machines without keys: whoever reaches the port can then"
              + " read and change all documents",
          false);

  static final List<Setting<?>> SETTINGS =
      List.of(
          HOST,
          PORT,
          MAX_FRAME_SIZE,
          WINDOW,
          MAX_LINKS,
          SECRET_KEY_FILE,
          ALLOWED_KEYS,
          ALLOWED_KEYS_FILE,
          INSECURE);

  static ZmqOptions of(Settings settings) {
    String keyFile = settings.get(SECRET_KEY_FILE);
    Set<String> allowed = new HashSet<>(settings.get(ALLOWED_KEYS));
    String allowedFile = settings.get(ALLOWED_KEYS_FILE);
    if (!allowedFile.isEmpty()) {
      allowed.addAll(KeyFiles.publicKeys(allowedFile));
    }
    ZmqOptions options =
        new ZmqOptions(
            settings.get(HOST),
            settings.get(PORT),
            Math.toIntExact(settings.get(MAX_FRAME_SIZE)),
            Math.toIntExact(settings.get(WINDOW)),
            Math.toIntExact(settings.get(MAX_LINKS)),
            keyFile.isEmpty() ? null : KeyFiles.secretKey(keyFile),
            Set.copyOf(allowed),
            settings.get(INSECURE));
    options.requireSafety();
    return options;
  }

  boolean listens() {
    return port != OFF;
  }

  /** Whether anybody who reaches the port may do anything. */
  boolean isOpenToStrangers() {
    return listens() && keys == null && !isLoopback(host);
  }

  private void requireSafety() {
    if (isOpenToStrangers() && !insecure) {
      throw new InvalidSettingException(
          "replication cannot listen on "
              + host
              + " without a key, since whoever reaches the port could read and change all"
              + " documents: make keys with millrace keygen and name the secret one with the"
              + " setting secret-key-file, or set insecure to true");
    }
    if (keys == null && !allowed.isEmpty()) {
      throw new InvalidSettingException(
          "the setting allowed-keys needs secret-key-file: without a key of its own this server"
              + " cannot tell who connects");
    }
  }

  /** Whether only this machine is reached by {@code host}. */
  static boolean isLoopback(String host) {
    if (host.equals("localhost")) {
      return true;
    }
    // Names are not looked up: who answers today may be another one tomorrow.
    if (!host.matches("[0-9.]+") && host.indexOf(':') < 0) {
      return false;
    }
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9_.:-]+")) {
      throw new IllegalArgumentException("not a host");
    }
    return text;
  }

  private static int port(String text) {
    if (text.equals("off") || text.equals("-1")) {
      return OFF;
    }
    int port = Integer.parseInt(text);
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("out of range");
    }
    return port;
  }
}
