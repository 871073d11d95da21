package io.millrace.rest;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Which methods each address knows, read from the annotations of the resources, for the header
 * {@code Allow}. Immutable.
 */
final class AllowedMethods {
  private static final List<Class<?>> RESOURCES =
      List.of(
          SystemResource.class,
          BackupResource.class,
          RollbackResource.class,
          PeersResource.class,
          BucketsResource.class,
          CollectionResource.class,
          ImportResource.class,
          ActivityResource.class,
          HistoryResource.class,
          RebuildsResource.class,
          ForgettingResource.class,
          SyncResource.class,
          FindResource.class,
          QueriesResource.class,
          DocumentsResource.class);

  private final Map<Pattern, Set<String>> methods = new LinkedHashMap<>();

  private AllowedMethods() {}

  static AllowedMethods ofAllResources() {
    AllowedMethods allowed = new AllowedMethods();
    Map<String, Set<String>> byTemplate = new LinkedHashMap<>();
    for (Class<?> resource : RESOURCES) {
      for (Method method : resource.getDeclaredMethods()) {
        Path path = method.getAnnotation(Path.class);
        for (Annotation annotation : method.getAnnotations()) {
          HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
          if (verb != null) {
            byTemplate
                .computeIfAbsent(path == null ? "" : path.value(), template -> new TreeSet<>())
                .add(verb.value());
          }
        }
      }
    }
    byTemplate.forEach(allowed::add);
    return allowed;
  }

  private void add(String template, Set<String> verbs) {
    if (verbs.contains("GET")) {
      verbs.add("HEAD");
    }
    verbs.add("OPTIONS");
    methods.put(Pattern.compile("/" + regex(template) + "/?"), verbs);
  }

  /** A template with its names replaced by what they match: a segment not of the server's own. */
  private static String regex(String template) {
    StringBuilder regex = new StringBuilder();
    for (String segment : template.split("/")) {
      regex.append(regex.length() == 0 ? "" : "/");
      regex.append(segment.startsWith("{") ? "[^/_][^/]*" : Pattern.quote(segment));
    }
    return regex.toString();
  }

  /** The methods of {@code path}, in alphabetical order; empty when nothing is there. */
  Set<String> of(String path) {
    for (Map.Entry<Pattern, Set<String>> entry : methods.entrySet()) {
      if (entry.getKey().matcher(path).matches()) {
        return entry.getValue();
      }
    }
    return Set.of();
  }
}
