package io.millrace.distribution;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.eclipse.microprofile.config.spi.ConfigSource;

/**
 * What an operator wrote, before anything of it is understood.
 *
 * @param value the text of a key, the strongest source deciding; empty when nobody gave one
 * @param keys all keys that begin with {@code millrace.}, with the place where each was written
 * @param variables all environment variables that begin with {@code MILLRACE_}
 */
record RawConfiguration(
    Function<String, Optional<String>> value, Map<String, String> keys, Set<String> variables) {
  private static final String KEY_PREFIX = "millrace.";
  private static final String VARIABLE_PREFIX = "MILLRACE_";

  static RawConfiguration of(SmallRyeConfig config, Map<String, String> environment) {
    Map<String, String> keys = new TreeMap<>();
    Set<String> variables = new HashSet<>(environment.keySet());
    for (ConfigSource source : config.getConfigSources()) {
      if (source instanceof EnvConfigSource) {
        // Its names are the variables, in several spellings; they are looked at as variables.
        continue;
      }
      for (String key : source.getPropertyNames()) {
        if (key.startsWith(KEY_PREFIX)) {
          keys.put(key, source.getName());
        }
      }
    }
    variables.removeIf(variable -> !variable.startsWith(VARIABLE_PREFIX));
    return new RawConfiguration(
        key -> Optional.ofNullable(config.getConfigValue(key).getValue()).filter(s -> !s.isBlank()),
        keys,
        variables);
  }
}
