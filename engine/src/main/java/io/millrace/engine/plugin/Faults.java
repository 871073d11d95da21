package io.millrace.engine.plugin;

import java.util.ServiceConfigurationError;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says in the words of an operator what a plug-in's classes did wrong. */
final class Faults {
  private static final Pattern CLASS_FILE_VERSION = Pattern.compile("class file version (\\d+)");

  /** A class file of Java 1 has the version 45. */
  private static final int BEFORE_JAVA_1 = 44;

  private Faults() {}

  /**
   * What is to be thrown for {@code failure}.
   *
   * @param plugin names the plug-in
   * @param tried what failed, for example {@code making its provider}
   */
  static PluginException of(String plugin, String tried, Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null
        && (cause instanceof ServiceConfigurationError
            || cause instanceof ExceptionInInitializerError
            || cause instanceof ClassNotFoundException)) {
      cause = cause.getCause();
    }
    if (cause instanceof UnsupportedClassVersionError newer) {
      return PluginException.broken(plugin, classTooNew(newer), failure);
    }
    if (cause instanceof NoClassDefFoundError || cause instanceof ClassNotFoundException) {
      return missing(plugin, name(cause), failure);
    }
    if (cause instanceof IncompatibleClassChangeError) {
      return PluginException.otherSpi(
          plugin,
          tried
              + " failed ("
              + described(cause)
              + "), as happens to what was built against another version of the SPI or of a"
              + " library",
          failure);
    }
    if (cause instanceof ServiceConfigurationError wrong) {
      return PluginException.broken(plugin, String.valueOf(wrong.getMessage()), failure);
    }
    return PluginException.broken(plugin, tried + " failed: " + described(cause), failure);
  }

  private static String classTooNew(UnsupportedClassVersionError newer) {
    String message = String.valueOf(newer.getMessage());
    Matcher version = CLASS_FILE_VERSION.matcher(message);
    String needed =
        version.find()
            ? "Java " + (Integer.parseInt(version.group(1)) - BEFORE_JAVA_1)
            : "a newer Java";
    return "its class "
        + className(message.split(" ", 2)[0])
        + " needs "
        + needed
        + ", and this is Java "
        + Runtime.version().feature()
        + "; compile it for an older one or start the server with a newer one";
  }

  private static PluginException missing(String plugin, String name, Throwable failure) {
    if (name.startsWith("io.millrace.api.") || name.startsWith("io.millrace.spi.")) {
      return PluginException.otherSpi(
          plugin, "it was built against a version of the SPI that has " + name, failure);
    }
    String hint =
        PluginClassLoader.isShared(name)
            ? " is in none of the libraries that the server shares with plug-ins"
            : " is in none of its jars, and a plug-in sees nothing of the server but millrace-api,"
                + " millrace-spi, Jackson's databind and JSpecify";
    return PluginException.broken(plugin, "class " + name + hint, failure);
  }

  /** The name of the class that was not found. */
  private static String name(Throwable notFound) {
    return className(String.valueOf(notFound.getMessage()));
  }

  private static String className(String path) {
    return path.replace('/', '.');
  }

  /** The kind of failure and its message. */
  private static String described(Throwable failure) {
    String message = failure.getMessage();
    String kind = failure.getClass().getSimpleName();
    return message == null ? kind : kind + ": " + message;
  }
}
