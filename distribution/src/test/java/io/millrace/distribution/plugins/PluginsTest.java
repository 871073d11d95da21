package io.millrace.distribution.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.Queries;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.engine.Millrace;
import io.millrace.engine.plugin.PluginException;
import io.millrace.engine.plugin.Plugins;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.InvalidSettingException;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.StoreProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PluginsTest {
  @TempDir Path work;
  private Path folder;

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(work.resolve("plugins"));
  }

  private Plugins load() {
    return Plugins.in(folder, "millrace.plugins");
  }

  private static PluginJar store(String name, Map<String, String> parts) {
    return new PluginJar().store(name, parts);
  }

  private Path jar(String plugin) {
    return folder.resolve(plugin).resolve(plugin + ".jar");
  }

  private AbstractThrowableAssert<?, ?> refused(String plugin) {
    return assertThatThrownBy(this::load)
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("'" + plugin + "' (" + folder.resolve(plugin) + ")");
  }

  private static String open(StoreProvider provider) {
    ModuleContext context =
        new ModuleContext(Path.of("nowhere"), Clock.systemUTC(), new Random(1), Meters.none());
    try {
      provider.open(Settings.defaults(List.of()), context);
      return "opened";
    } catch (UnavailableException e) {
      return e.code();
    }
  }

  /** Plug-ins tell a test what they see by the code of an exception. */
  private static String telling(String expression) {
    return "throw new io.millrace.api.error.UnavailableException(" + expression + ", \"\");";
  }

  @Test
  void missingFolderAndEmptyFolderHaveNoPlugins() {
    assertThat(Plugins.in(work.resolve("absent"), "key")).isEqualTo(Plugins.none());
    assertThat(load()).isEqualTo(Plugins.none());
  }

  @Test
  void fileInPlaceOfTheFolderIsRefusedByItsKey() throws IOException {
    Path file = Files.writeString(work.resolve("file"), "");
    assertThatThrownBy(() -> Plugins.in(file, "millrace.plugins"))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessageContaining("millrace.plugins")
        .hasMessageContaining(file.toString());
  }

  @Test
  void folderOfJarsAndLooseJarAreOnePluginEach() throws IOException {
    store("one", Map.of()).write(jar("one"));
    store("two", Map.of()).write(folder.resolve("two-1.0.jar"));
    Files.writeString(folder.resolve("README.md"), "passed over");
    Files.createDirectory(folder.resolve(".hidden"));
    assertThat(load().stores())
        .extracting(Modules.Found::origin)
        .containsExactly(jar("one").toString(), folder.resolve("two-1.0.jar").toString());
    assertThat(load().stores())
        .extracting(found -> found.provider().name())
        .containsExactly("one", "two");
  }

  @Test
  void foldOfAPluginFoldsByItsName() throws IOException {
    String source =
        """
        package tally;
        import com.fasterxml.jackson.databind.JsonNode;
        import com.fasterxml.jackson.databind.node.IntNode;
        import io.millrace.api.document.Change;
        import io.millrace.spi.*;
        public final class Tally implements FoldProvider {
          @Override public String name() { return "tally"; }
          @Override public int spiVersion() { return SpiVersion.CURRENT; }
          @Override public JsonNode initial() { return IntNode.valueOf(7); }
          @Override public JsonNode apply(JsonNode state, Change change) {
            return IntNode.valueOf(state.intValue() + 1);
          }
        }
        """;
    new PluginJar()
        .source("tally.Tally", source)
        .entry("META-INF/services/io.millrace.spi.FoldProvider", "tally.Tally")
        .write(jar("tally"));
    Modules<FoldProvider> none = Modules.of("fold", List.of());
    Modules<FoldProvider> folds = none.and(load().folds());
    try (Database database = open(folds)) {
      Bucket bucket = database.bucket("edits");
      Attribution nobody = Attribution.none();
      bucket.put("a", Base.absent(), Body.EMPTY, nobody).toCompletableFuture().join();
      ObjectNode definition = JsonNodeFactory.instance.objectNode().put("type", "reduce");
      definition.putObject("fold").put("java", "tally");
      bucket.queries().define("tally", definition, nobody).toCompletableFuture().join();
      assertThat(value(database)).isEqualTo(8);
      assertThat(database.info().modules())
          .anyMatch(
              one -> one.kind().equals("fold") && one.origin().equals(jar("tally").toString()));
    }
    try (Database database = open(none)) {
      assertThatThrownBy(() -> value(database))
          .hasMessageContaining("there is no fold called 'tally'");
    }
    try (Database database = open(folds)) {
      assertThat(value(database)).isEqualTo(8);
    }
  }

  private Database open(Modules<FoldProvider> folds) {
    return Millrace.in(work.resolve("data")).folds(folds).open();
  }

  private static int value(Database database) {
    Queries queries = database.bucket("edits").queries();
    return queries
        .call("tally", "value", ViewArguments.none(), Consistency.latest())
        .toCompletableFuture()
        .join()
        .intValue();
  }

  @Test
  void twoPluginsUseTheirOwnVersionsOfALibrary() throws IOException {
    for (String version : List.of("earlier", "later")) {
      Path library =
          new PluginJar()
              .source(
                  "library.Version",
                  "package library; public class Version { public static String name() { return \""
                      + version
                      + "\"; } }")
              .write(folder.resolve(version).resolve("library.jar"));
      store(version, Map.of("OPEN", telling("library.Version.name()")))
          .with(library)
          .write(jar(version), "library");
    }
    assertThat(load().stores())
        .extracting(found -> found.provider().name() + " " + open(found.provider()))
        .containsExactly("earlier earlier", "later later");
  }

  @Test
  void nothingOfTheServerIsSeenButTheContracts() throws IOException {
    String look =
        """
        StringBuilder seen = new StringBuilder();
        for (String name : List.of(
            "io.millrace.api.Database", "com.fasterxml.jackson.databind.JsonNode",
            "org.jspecify.annotations.NullMarked", "java.sql.Connection",
            "io.millrace.engine.Millrace", "io.millrace.rest.RestSettings",
            "io.quarkus.runtime.Quarkus", "org.rocksdb.RocksDB", "org.jboss.logging.Logger")) {
          try {
            Class.forName(name);
            seen.append(name.substring(name.lastIndexOf('.') + 1)).append(' ');
          } catch (ClassNotFoundException e) {
            seen.append("- ");
          }
        }
        ClassLoader own = getClass().getClassLoader();
        seen.append(own.getResource("application.properties")).append(' ');
        seen.append(own == Thread.currentThread().getContextClassLoader());
        """;
    store("peeping", Map.of("OPEN", look + telling("seen.toString()"))).write(jar("peeping"));
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    assertThat(open(load().stores().get(0).provider()))
        .isEqualTo("Database JsonNode NullMarked Connection - - - - - null true");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void contractsThatAPluginBringsAlongAreNotRead() throws IOException {
    store("bundling", Map.of())
        .source(
            "io.millrace.spi.SpiVersion",
            "package io.millrace.spi; public class SpiVersion { public static final int CURRENT ="
                + " SpiVersion.class.hashCode(); }")
        .write(jar("bundling"));
    assertThat(load().stores().get(0).provider().spiVersion()).isEqualTo(SpiVersion.CURRENT);
  }

  @Test
  void otherSpiVersionIsRefusedWithBothVersions() throws IOException {
    store("later", Map.of("SPI", "99")).write(jar("later"));
    refused("later")
        .hasMessageContaining("version 99")
        .hasMessageContaining("version " + SpiVersion.CURRENT)
        .extracting("code")
        .isEqualTo("other-spi-version");
  }

  @Test
  void kindOfProviderThatThisSpiDoesNotKnowIsOfAnotherVersion() throws IOException {
    store("kind", Map.of())
        .entry("META-INF/services/io.millrace.spi.OracleProvider", "kind.Oracle")
        .write(jar("kind"));
    refused("kind")
        .hasMessageContaining("io.millrace.spi.OracleProvider")
        .extracting("code")
        .isEqualTo("other-spi-version");
  }

  @Test
  void classOfALaterSpiIsNamed() throws IOException {
    store("future", Map.of("MEMBERS", "private final Object it = new FutureSetting();"))
        .source(
            "io.millrace.spi.FutureSetting",
            "package io.millrace.spi; public class FutureSetting {}")
        .write(jar("future"));
    refused("future")
        .hasMessageContaining("io.millrace.spi.FutureSetting")
        .extracting("code")
        .isEqualTo("other-spi-version");
  }

  @Test
  void providerFromBeforeVersionsWereStatedIsOfAnotherVersion() throws IOException {
    store("early", Map.of())
        .source(
            "early.Provider",
            """
            package early;
            public abstract class Provider implements io.millrace.spi.StoreProvider {
              public Provider() {}
              public String name() { return "early"; }
            }
            """)
        // Made concrete, which javac would not allow: flag 0x0400 of the class goes.
        .changed(PluginsTest::withoutAbstractFlag)
        .write(jar("early"));
    refused("early").extracting("code").isEqualTo("other-spi-version");
  }

  private static byte[] withoutAbstractFlag(byte[] classFile) {
    // ACC_PUBLIC | ACC_SUPER | ACC_ABSTRACT, which stands once in so small a class.
    for (int i = classFile.length - 2; i > 0; i--) {
      if (classFile[i] == 0x04 && classFile[i + 1] == 0x21) {
        classFile[i] = 0;
        return classFile;
      }
    }
    throw new IllegalArgumentException("not an abstract class");
  }

  @Test
  void pluginWithoutProviderIsRefused() throws IOException {
    new PluginJar()
        .source("plain.Library", "package plain; public class Library {}")
        .write(jar("plain"));
    refused("plain")
        .hasMessageContaining("has no provider")
        .hasMessageContaining("META-INF/services/")
        .extracting("code")
        .isEqualTo("broken-plugin");
  }

  @Test
  void folderWithoutJarsAndPackedPluginAreRefused() throws IOException {
    Files.createDirectories(folder.resolve("nested").resolve("nested"));
    refused("nested").hasMessageContaining("no jar");
    Files.delete(folder.resolve("nested").resolve("nested"));
    Files.delete(folder.resolve("nested"));
    Files.writeString(folder.resolve("packed.zip"), "");
    assertThatThrownBy(this::load)
        .hasMessageContaining("packed.zip")
        .hasMessageContaining("unpacked");
  }

  @Test
  void jarThatIsNoneIsRefusedByItsName() throws IOException {
    Files.createDirectories(folder.resolve("torn"));
    Files.writeString(folder.resolve("torn").resolve("part.jar"), "not a jar");
    refused("torn").hasMessageContaining("part.jar cannot be read as a jar");
  }

  @Test
  void missingClassesAreNamed() throws IOException {
    new PluginJar()
        .entry("META-INF/services/io.millrace.spi.StoreProvider", "absent.Provider")
        .write(jar("absent"));
    refused("absent").hasMessageContaining("absent.Provider");
    Files.delete(jar("absent"));
    store("absent", Map.of("MEMBERS", "private final Object it = new lib.Thing();"))
        .source("lib.Thing", "package lib; public class Thing {}")
        .write(jar("absent"), "lib");
    refused("absent").hasMessageContaining("class lib.Thing is in none of its jars");
  }

  @Test
  void classOfTheServerIsNamedAsMissing() throws IOException {
    store(
            "engine",
            Map.of("MEMBERS", "private final Object it = io.millrace.engine.Millrace.in(null);"))
        .write(jar("engine"));
    refused("engine")
        .hasMessageContaining("io.millrace.engine.Millrace")
        .hasMessageContaining("sees nothing of the server but millrace-api");
  }

  @Test
  void constructorThatThrowsIsShownWithItsMessage() throws IOException {
    store(
            "angry",
            Map.of(
                "MEMBERS", "public Provider() { throw new IllegalStateException(\"no mood\"); }"))
        .write(jar("angry"));
    refused("angry").hasMessageContaining("no mood");
  }

  @Test
  void classFilesThatAreTooNewAreExplained() throws IOException {
    store("modern", Map.of())
        .changed(
            classFile -> {
              classFile[7] = 120;
              return classFile;
            })
        .write(jar("modern"));
    refused("modern").hasMessageContaining("modern.Provider needs Java 76, and this is Java");
  }

  @Test
  void classThatIsNoProviderIsRefused() throws IOException {
    new PluginJar()
        .source("wrong.Provider", "package wrong; public class Provider {}")
        .entry("META-INF/services/io.millrace.spi.StoreProvider", "wrong.Provider")
        .write(jar("wrong"));
    refused("wrong").hasMessageContaining("wrong.Provider not a subtype");
  }

  @Test
  void whatAProviderSaysOfItselfMustMakeSense() throws IOException {
    Map<Map<String, String>, String> cases =
        Map.of(
            Map.of("NAME", "return null;"), "for its name gave nothing",
            Map.of("NAME", "return \"Mixed Case\";"), "'Mixed Case'",
            Map.of("NAME", "throw new IllegalStateException(\"nameless\");"), "nameless",
            Map.of("FORMAT", "-1"), "format version",
            Map.of("SETTINGS", "return null;"), "no list of settings",
            Map.of("SETTINGS", "return java.util.Arrays.asList((Setting<?>) null);"),
                "a setting is null");
    for (Map.Entry<Map<String, String>, String> one : cases.entrySet()) {
      store("odd", one.getKey()).write(jar("odd"));
      refused("odd").hasMessageContaining(one.getValue());
      Files.delete(jar("odd"));
    }
  }

  @Test
  void failureToOpenNamesThePlugin() throws IOException {
    store("failing", Map.of("OPEN", "throw new IllegalStateException(\"no luck\");"))
        .write(jar("failing"));
    StoreProvider provider = load().stores().get(0).provider();
    assertThatThrownBy(() -> open(provider))
        .isInstanceOf(PluginException.class)
        .hasMessageContaining("'failing'")
        .hasMessageContaining("opening its store 'failing' failed: IllegalStateException: no luck");
  }
}
