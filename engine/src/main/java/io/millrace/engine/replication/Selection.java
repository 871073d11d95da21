package io.millrace.engine.replication;

import io.millrace.engine.forget.Retentions;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which buckets are taken from a peer, and whether with the bodies of superseded revisions.
 *
 * @param buckets names in which {@code *} stands for any letters; empty for all
 * @param fullHistory whether all revisions with their bodies, not only the leaves
 */
public record Selection(List<String> buckets, boolean fullHistory) {
  /** All buckets, leaves alone. */
  public static final Selection ALL = new Selection(List.of(), false);

  public Selection {
    buckets = List.copyOf(buckets);
  }

  /** Whether the bucket called {@code name} is selected. */
  public boolean includes(String name) {
    return buckets.isEmpty() || buckets.stream().anyMatch(wanted -> matches(wanted, name));
  }

  /** Whether the document called {@code id} is for peers: what to forget is each server's own. */
  static boolean travels(String id) {
    return !id.equals(Retentions.ID);
  }

  private static boolean matches(String wanted, String name) {
    if (wanted.indexOf('*') < 0) {
      return wanted.equals(name);
    }
    StringBuilder expression = new StringBuilder();
    for (String literal : wanted.split("\\*", -1)) {
      expression.append(expression.isEmpty() ? "" : ".*").append(Pattern.quote(literal));
    }
    return name.matches(expression.toString());
  }
}
