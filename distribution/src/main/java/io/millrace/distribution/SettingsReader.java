package io.millrace.distribution;

import io.millrace.rest.RestSettings;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Provider;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Turns what an operator wrote into {@link ServerSettings}, or refuses it with a message that names
 * the key.
 *
 * <p>The settings of all modules that were found are checked, also of those not chosen, so that a
 * mistake shows before the day on which it matters.
 */
final class SettingsReader {
  /** Variables that are no settings: the launcher's, and those that say where files are. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "MILLRACE_JAVA_OPTIONS",
          ConfFile.VARIABLE,
          Wiring.HOME_VARIABLE,
          "MILLRACE_SERVER",
          "MILLRACE_AUTHOR",
          "MILLRACE_HISTORY");

  private final SettingCatalogue catalogue;
  private final RawConfiguration raw;
  private final Supplier<String> hostName;

  SettingsReader(SettingCatalogue catalogue, RawConfiguration raw, Supplier<String> hostName) {
    this.catalogue = catalogue;
    this.raw = raw;
    this.hostName = hostName;
  }

  /**
   * Reads everything.
   *
   * @throws InvalidSettingException when a key is unknown or a value not allowed
   * @throws io.millrace.spi.ModuleNotFoundException when a chosen module is not there
   */
  ServerSettings read() {
    refuseUnknownKeys();
    Map<String, Map<String, String>> texts = new HashMap<>();
    catalogue.groups().forEach((prefix, settings) -> texts.put(prefix, given(prefix, settings)));
    Settings own = parsed(ServerSettings.PREFIX, texts);
    Settings http = parsed(ServerSettings.HTTP_PREFIX, texts);

    Provider log = catalogue.logs().named(own.get(ServerSettings.LOG_TYPE));
    Provider store = catalogue.stores().named(storeType(own, texts));
    Provider transport = transport(own, texts);
    passTo(log, ServerSettings.LOG_PREFIX, ServerSettings.LOG_SYNC, ServerSettings.SYNC, texts);
    if (transport != null) {
      String prefix = ServerSettings.TRANSPORT_PREFIX;
      passTo(transport, prefix, ServerSettings.REPLICATION_HOST, ServerSettings.HOST, texts);
      passTo(transport, prefix, ServerSettings.REPLICATION_PORT, ServerSettings.PORT, texts);
    }
    catalogue.groups().keySet().forEach(prefix -> parsed(prefix, texts));

    String node = own.get(ServerSettings.NODE);
    int maxBodyBytes = Math.toIntExact(own.get(ServerSettings.MAX_DOCUMENT));
    return new ServerSettings(
        own.get(ServerSettings.DATA),
        node.equals(ServerSettings.HOST_NAME) ? hostName.get() : node,
        log.name(),
        moduleTexts(ServerSettings.LOG_PREFIX, log, texts),
        store.name(),
        moduleTexts(ServerSettings.STORE_PREFIX, store, texts),
        catalogue.views().all().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Provider::name, view -> moduleTexts(ServerSettings.VIEW_PREFIX, view, texts))),
        transport == null ? null : transport.name(),
        transport == null
            ? Map.of()
            : moduleTexts(ServerSettings.TRANSPORT_PREFIX, transport, texts),
        own.get(ServerSettings.AUTO_CREATE),
        maxBodyBytes,
        Math.toIntExact(own.get(ServerSettings.TREE_DEPTH)),
        own.get(ServerSettings.COMPACTION_RATE),
        ServerSettings.compactionInterval(own.get(ServerSettings.COMPACTION_INTERVAL)),
        own.get(ServerSettings.ACCEPT_LOSS),
        RestSettings.of(http, maxBodyBytes, own.get(ServerSettings.NO_OP), backupFolder(own)));
  }

  private static @Nullable Path backupFolder(Settings own) {
    String folder = own.get(ServerSettings.BACKUP_FOLDER);
    return folder.equals(ServerSettings.NO_FOLDER) ? null : Path.of(folder);
  }

  /**
   * The store that was asked for, or the usual one, or in a distribution that was built without it
   * the only one that keeps anything.
   */
  private String storeType(Settings own, Map<String, Map<String, String>> texts) {
    String type = own.get(ServerSettings.STORE_TYPE);
    boolean asked = texts.get(ServerSettings.PREFIX).containsKey(ServerSettings.STORE_TYPE.key());
    if (asked || catalogue.stores().contains(type)) {
      return type;
    }
    List<String> lasting =
        catalogue.stores().all().stream()
            .filter(store -> store.formatVersion() > 0)
            .map(Provider::name)
            .toList();
    if (lasting.size() == 1) {
      return lasting.get(0);
    }
    throw new InvalidSettingException(
        ServerSettings.PREFIX + ServerSettings.STORE_TYPE.key(),
        type + " (the default)",
        "one of those that are installed, which must be chosen: "
            + catalogue.stores().all().stream().map(Provider::name).toList(),
        null);
  }

  private void refuseUnknownKeys() {
    List<String> known = catalogue.keys();
    raw.keys()
        .forEach(
            (key, place) -> {
              if (!known.contains(key)) {
                throw unknown("setting " + key + " (in " + place + ")", key, known);
              }
            });
    List<String> knownVariables = known.stream().map(SettingsReader::variable).toList();
    for (String variable : raw.variables()) {
      if (!knownVariables.contains(variable) && !OTHER_VARIABLES.contains(variable)) {
        throw unknown("environment variable " + variable, variable, knownVariables);
      }
    }
  }

  private static InvalidSettingException unknown(String what, String word, List<String> known) {
    return new InvalidSettingException(
        "unknown "
            + what
            + "; did you mean "
            + String.join(" or ", NearWords.to(word, known))
            + "? docs/configuration.md lists all settings");
  }

  /** The environment variable that gives {@code key} its value. */
  static String variable(String key) {
    return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
  }

  private Map<String, String> given(String prefix, List<Setting<?>> settings) {
    Map<String, String> texts = new HashMap<>();
    for (Setting<?> setting : settings) {
      raw.value().apply(prefix + setting.key()).ifPresent(text -> texts.put(setting.key(), text));
    }
    return texts;
  }

  private Settings parsed(String prefix, Map<String, Map<String, String>> texts) {
    return Settings.parse(prefix, catalogue.groups().get(prefix), texts.get(prefix));
  }

  /**
   * What carries replication: what was asked for, or the usual one if it is there; null for
   * nothing.
   */
  private @Nullable Provider transport(Settings own, Map<String, Map<String, String>> texts) {
    String type = own.get(ServerSettings.TRANSPORT_TYPE);
    String key = ServerSettings.TRANSPORT_TYPE.key();
    boolean asked = texts.get(ServerSettings.PREFIX).containsKey(key);
    boolean none =
        type.equals(ServerSettings.NO_REPLICATION)
            || !asked && !catalogue.transports().contains(type);
    return none ? null : catalogue.transports().named(type);
  }

  /** Hands a setting of the server to the chosen module, which is where it takes effect. */
  private static void passTo(
      Provider module,
      String modulePrefix,
      Setting<?> shorter,
      String key,
      Map<String, Map<String, String>> texts) {
    String text = texts.get(ServerSettings.PREFIX).get(shorter.key());
    if (text == null) {
      return;
    }
    String full = ServerSettings.PREFIX + shorter.key();
    if (module.settings().stream().noneMatch(s -> s.key().equals(key))) {
      throw new InvalidSettingException(
          full, text, "nothing, since the module '" + module.name() + "' has no such choice", null);
    }
    String prefix = modulePrefix + module.name() + '.';
    String other = texts.get(prefix).put(key, text);
    if (other != null && !other.equals(text)) {
      throw new InvalidSettingException(
          full, text, "what " + prefix + key + " says too, which is " + other, null);
    }
  }

  private static Map<String, String> moduleTexts(
      String prefix, Provider module, Map<String, Map<String, String>> texts) {
    return Map.copyOf(texts.get(prefix + module.name() + '.'));
  }
}
