package io.millrace.api.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * What a view computes.
 *
 * @param bucket whose documents it sees
 * @param name unique within the bucket
 * @param type the name of the module that computes it
 * @param from the query of the same bucket whose rows are the input; null for the documents
 *     themselves. The body of each change is then {@code {"rows":[{"key":…,"value":…},…]}} with the
 *     rows that the document has in that query
 * @param members the module's own members of the definition; not to be changed
 */
public record ViewDefinition(
    String bucket, String name, String type, @Nullable String from, ObjectNode members) {
  /** A view of documents. */
  public ViewDefinition(String bucket, String name, String type, ObjectNode members) {
    this(bucket, name, type, null, members);
  }
}
