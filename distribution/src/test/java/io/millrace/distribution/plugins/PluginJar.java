package io.millrace.distribution.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A jar made from Java sources given as text. For one thread. */
public final class PluginJar {
  private static final String STORE =
      """
      package PACKAGE;
      import io.millrace.api.store.Store;
      import io.millrace.spi.*;
      import java.util.List;
      public final class Provider implements StoreProvider {
        MEMBERS
        @Override public String name() { NAME }
        @Override public int spiVersion() { return SPI; }
        @Override public int formatVersion() { return FORMAT; }
        @Override public List<Setting<?>> settings() { SETTINGS }
        @Override public Store open(Settings settings, ModuleContext context) { OPEN }
      }
      """;

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> entries = new LinkedHashMap<>();
  private final List<Path> classPath = new ArrayList<>();
  private UnaryOperator<byte[]> change = bytes -> bytes;

  /** A class; {@code name} is its whole name. */
  public PluginJar source(String name, String text) {
    sources.put(name, text);
    return this;
  }

  /** A file of text. */
  public PluginJar entry(String name, String text) {
    entries.put(name, text);
    return this;
  }

  /**
   * A provider of stores, the class {@code Provider} of a package, as usual except for what is
   * given.
   *
   * @param parts texts in place of {@code NAME}, {@code SPI} and so on
   */
  public PluginJar store(String packageName, Map<String, String> parts) {
    String text = STORE;
    Map<String, String> all = new LinkedHashMap<>(parts);
    all.putIfAbsent("PACKAGE", packageName);
    all.putIfAbsent("MEMBERS", "");
    all.putIfAbsent("NAME", "return \"" + packageName + "\";");
    all.putIfAbsent("SPI", "SpiVersion.CURRENT");
    all.putIfAbsent("FORMAT", "1");
    all.putIfAbsent("SETTINGS", "return List.of();");
    all.putIfAbsent("OPEN", "return null;");
    for (Map.Entry<String, String> part : all.entrySet()) {
      text = text.replace(part.getKey(), part.getValue());
    }
    return source(packageName + ".Provider", text)
        .entry("META-INF/services/io.millrace.spi.StoreProvider", packageName + ".Provider");
  }

  /** Other jars that the sources need to be compiled. */
  public PluginJar with(Path jar) {
    classPath.add(jar);
    return this;
  }

  /** What is done to every class file. */
  public PluginJar changed(UnaryOperator<byte[]> theChange) {
    change = theChange;
    return this;
  }

  /** Compiles everything; classes whose names begin with {@code left} are left out of the jar. */
  public Path write(Path jar, String left) throws IOException {
    Files.createDirectories(jar.getParent());
    Path classes = Files.createTempDirectory("millrace-plugin-");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      compile(classes);
      for (Path file : everything(classes)) {
        String name = classes.relativize(file).toString().replace('\\', '/');
        if (Files.isRegularFile(file) && (left.isEmpty() || !name.startsWith(left))) {
          out.putNextEntry(new JarEntry(name));
          out.write(change.apply(Files.readAllBytes(file)));
        }
      }
      for (Map.Entry<String, String> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    } finally {
      for (Path file : everything(classes)) {
        Files.delete(file);
      }
    }
    return jar;
  }

  /** What is in a folder and the folder itself, the deepest first. */
  private static List<Path> everything(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }

  /** Compiles everything. */
  public Path write(Path jar) throws IOException {
    return write(jar, "");
  }

  private void compile(Path classes) {
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Source(name, text)));
    if (units.isEmpty()) {
      return;
    }
    StringBuilder path = new StringBuilder(System.getProperty("java.class.path"));
    classPath.forEach(jar -> path.append(File.pathSeparatorChar).append(jar));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-d", classes.toString(), "-cp", path.toString(), "--release", "17", "-proc:none");
    assertThat(compiler.getTask(null, null, null, options, null, units).call()).isTrue();
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name.replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
