package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.plugin.Plugins;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.ModuleNotFoundException;
import io.millrace.spi.Modules;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SettingsReaderTest {
  private final SettingCatalogue catalogue =
      SettingCatalogue.find(SettingsReaderTest.class.getClassLoader(), Plugins.none());
  private final Map<String, String> keys = new HashMap<>();

  private ServerSettings read(String... variables) {
    RawConfiguration raw =
        new RawConfiguration(
            key -> Optional.ofNullable(keys.get(key)), places(), Set.of(variables));
    return new SettingsReader(catalogue, raw, () -> "some-host").read();
  }

  private Map<String, String> places() {
    Map<String, String> places = new HashMap<>();
    keys.keySet().forEach(key -> places.put(key, "a test"));
    return places;
  }

  @Test
  void nothingGivenMeansTheDefaults() {
    ServerSettings settings = read();
    assertThat(settings.data()).isEqualTo(Path.of("./data"));
    assertThat(settings.node()).isEqualTo("some-host");
    assertThat(settings.logType()).isEqualTo("file");
    assertThat(settings.storeType()).isEqualTo("rocksdb");
    assertThat(settings.autoCreateBuckets()).isTrue();
    assertThat(settings.acceptLoss()).isFalse();
    assertThat(settings.maxBodyBytes()).isEqualTo(8 << 20);
    assertThat(settings.logSettings()).isEmpty();
  }

  @Test
  void theOnlyLastingStoreIsUsedWhereTheUsualOneIsNotInstalled() {
    assertThat(readWithStores("leveldb", "memory").storeType()).isEqualTo("leveldb");
    assertThat(readWithStores("rocksdb", "leveldb").storeType()).isEqualTo("rocksdb");
    assertThatThrownBy(() -> readWithStores("memory"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.store.type")
        .hasMessageContaining("[memory]");
    keys.put("millrace.store.type", "rocksdb");
    assertThatThrownBy(() -> readWithStores("leveldb", "memory"))
        .isInstanceOf(ModuleNotFoundException.class)
        .hasMessageContaining("leveldb, memory");
  }

  private ServerSettings readWithStores(String... names) {
    List<StoreProvider> some =
        Stream.of(names).map(name -> catalogue.stores().named(name)).toList();
    SettingCatalogue other =
        new SettingCatalogue(
            catalogue.logs(),
            Modules.of("store", some),
            catalogue.views(),
            catalogue.folds(),
            catalogue.transports(),
            catalogue.groups());
    RawConfiguration raw =
        new RawConfiguration(key -> Optional.ofNullable(keys.get(key)), places(), Set.of());
    return new SettingsReader(other, raw, () -> "some-host").read();
  }

  @Test
  void unknownKeyIsRefusedWithNearOnes() {
    keys.put("millrace.log.tipe", "file");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.log.tipe")
        .hasMessageContaining("a test")
        .hasMessageContaining("millrace.log.type");
  }

  @Test
  void unknownVariableIsRefusedWithNearOnes() {
    assertThatThrownBy(() -> read("MILLRACE_STORE_TIPE"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("MILLRACE_STORE_TIPE")
        .hasMessageContaining("MILLRACE_STORE_TYPE");
  }

  @Test
  void everyKeyHasAVariableThatIsAccepted() {
    String[] variables =
        catalogue.keys().stream().map(SettingsReader::variable).toArray(String[]::new);
    assertThat(Set.of(variables)).contains("MILLRACE_DATA", "MILLRACE_HTTP_HEARTBEAT");
    read(variables);
  }

  @Test
  void optionsOfTheLauncherAreNotUnknown() {
    read("MILLRACE_JAVA_OPTIONS", "MILLRACE_CONF", "MILLRACE_HOME");
  }

  @Test
  void badValueIsRefusedWithWhatIsAllowed() {
    keys.put("millrace.documents.max-size", "lots");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.documents.max-size")
        .hasMessageContaining("lots")
        .hasMessageContaining("a size from");
  }

  @Test
  void unknownModuleIsRefusedWithThosePresent() {
    keys.put("millrace.store.type", "paper");
    assertThatThrownBy(this::read)
        .isInstanceOf(ModuleNotFoundException.class)
        .hasMessageContaining("paper")
        .hasMessageContaining("memory, rocksdb");
  }

  @Test
  void serverWithoutAnyModulesSaysSo() {
    SettingCatalogue nothing =
        SettingCatalogue.find(ClassLoader.getPlatformClassLoader(), Plugins.none());
    RawConfiguration raw = new RawConfiguration(key -> Optional.empty(), Map.of(), Set.of());
    assertThatThrownBy(() -> new SettingsReader(nothing, raw, () -> "some-host").read())
        .isInstanceOf(ModuleNotFoundException.class)
        .hasMessageContaining("no log module was found at all")
        .extracting("code")
        .isEqualTo("no-modules");
  }

  @Test
  void unknownKeyOfAModuleIsRefused() {
    keys.put("millrace.store.rocksdb.no-such-thing", "1");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.store.rocksdb.no-such-thing");
  }

  @Test
  void syncGoesToTheChosenLog() {
    keys.put("millrace.log.sync", "250ms");
    assertThat(read().logSettings()).containsEntry("sync", "250ms");
  }

  @Test
  void syncThatIsNoneOfTheChoicesIsRefused() {
    keys.put("millrace.log.sync", "sometimes");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("always, os, or a duration");
  }

  @Test
  void twoDifferentValuesForSyncAreRefused() {
    keys.put("millrace.log.sync", "os");
    keys.put("millrace.log.file.sync", "always");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.log.file.sync");
  }

  @Test
  void syncIsRefusedForALogWithoutSuchAChoice() {
    keys.put("millrace.log.type", "memory");
    keys.put("millrace.log.sync", "os");
    assertThatThrownBy(this::read)
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("memory");
  }
}
