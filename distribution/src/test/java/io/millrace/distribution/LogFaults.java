package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.distribution.plugin.FaultyLogProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Modules;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Decides what becomes of each append and each read of the log in the server's process.
 *
 * <pre>{@code
 * try (LogFaults faults = new LogFaults(); ServerProcess server = faults.plugInto(builder).start()) {
 *   faults.set(Call.APPEND, Fate.HELD);
 * }
 * }</pre>
 *
 * <p>Safe for use by many threads. Closing lets go of everything.
 */
final class LogFaults implements AutoCloseable {
  /** What asks. */
  enum Call {
    APPEND,
    READ
  }

  /** What becomes of it. */
  enum Fate {
    DONE('d'),
    /** It waits until another fate is set. */
    HELD('h'),
    /** Of an append: it is done, and the answer is lost. */
    UNKNOWN('u'),
    /** Of a read: an exception that nobody thought of. */
    DEFECT('x');

    private final char letter;

    Fate(char letter) {
      this.letter = letter;
    }
  }

  private final ServerSocket control = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress());
  private final Thread answering = new Thread(this::answer, "log faults");
  private final Map<Call, Fate> fates = new EnumMap<>(Call.class);
  private final Map<Call, List<Socket>> held = new EnumMap<>(Call.class);

  LogFaults() throws IOException {
    for (Call call : Call.values()) {
      fates.put(call, Fate.DONE);
      held.put(call, new ArrayList<>());
    }
    answering.setDaemon(true);
    answering.start();
  }

  /** Makes the server use the faulty log, found in a jar that is put into {@code folder}. */
  ServerProcess.Builder plugInto(ServerProcess.Builder server, Path folder)
      throws IOException, URISyntaxException {
    Path plugins = Files.createDirectories(folder.resolve("plugins"));
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(plugins.resolve("faulty-log.jar")))) {
      addPackage(jar, FaultyLogProvider.class);
      // The classes of the log in files too, without their entry: a plug-in sees nothing of the
      // server, and must not offer a second log of that name.
      ClassLoader loader = LogFaults.class.getClassLoader();
      addPackage(jar, Modules.find("log", LogProvider.class, loader).named("file").getClass());
      jar.putNextEntry(new JarEntry("META-INF/services/" + LogProvider.class.getName()));
      jar.write(FaultyLogProvider.class.getName().getBytes(StandardCharsets.UTF_8));
    }
    return server
        .with("millrace.plugins", plugins.toString())
        .with("millrace.log.type", FaultyLogProvider.NAME)
        .with("millrace.log.faulty.control", Integer.toString(control.getLocalPort()));
  }

  private static void addPackage(JarOutputStream jar, Class<?> member)
      throws IOException, URISyntaxException {
    Path place = Path.of(member.getProtectionDomain().getCodeSource().getLocation().toURI());
    String name = member.getPackageName().replace('.', '/');
    if (Files.isDirectory(place)) {
      addClasses(jar, name, place.resolve(name));
    } else {
      try (FileSystem content = FileSystems.newFileSystem(place)) {
        addClasses(jar, name, content.getPath(name));
      }
    }
  }

  private static void addClasses(JarOutputStream jar, String name, Path folder) throws IOException {
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.class")) {
      for (Path file : found) {
        jar.putNextEntry(new JarEntry(name + "/" + file.getFileName()));
        Files.copy(file, jar);
      }
    }
  }

  /** What becomes of calls from now on, and of those held. */
  synchronized void set(Call call, Fate fate) throws IOException {
    fates.put(call, fate);
    if (fate != Fate.HELD) {
      for (Socket waiting : held.get(call)) {
        reply(waiting, fate);
      }
      held.get(call).clear();
    }
  }

  /** Returns when so many calls are held. */
  synchronized void awaitHeld(Call call, int count) throws InterruptedException {
    long deadline = System.nanoTime() + ServerProcess.PATIENCE.toNanos();
    while (held.get(call).size() < count) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      assertThat(left).as("time left to wait for %d held calls", count).isPositive();
      wait(left);
    }
  }

  private void answer() {
    while (!control.isClosed()) {
      try {
        Socket asking = control.accept();
        Call call = asking.getInputStream().read() == 'a' ? Call.APPEND : Call.READ;
        decide(call, asking);
      } catch (IOException e) {
        // The test or the server is over; whoever misses an answer goes on by itself.
      }
    }
  }

  private synchronized void decide(Call call, Socket asking) throws IOException {
    Fate fate = fates.get(call);
    if (fate == Fate.HELD) {
      held.get(call).add(asking);
      notifyAll();
    } else {
      reply(asking, fate);
    }
  }

  private static void reply(Socket asking, Fate fate) throws IOException {
    try (asking;
        OutputStream out = asking.getOutputStream()) {
      out.write(fate.letter);
    }
  }

  @Override
  public void close() throws IOException {
    control.close();
    for (Call call : Call.values()) {
      set(call, Fate.DONE);
    }
  }
}
