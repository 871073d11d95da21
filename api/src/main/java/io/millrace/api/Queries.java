package io.millrace.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.range.Cursor;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Following;
import io.millrace.api.view.Row;
import io.millrace.api.view.ViewArguments;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The named queries of one bucket: their definitions, which are documents themselves, and the views
 * that answer them.
 *
 * <p>A query is built in the background from the moment it is defined and kept up to date from then
 * on.
 */
public interface Queries {
  /** What {@link #define} did. */
  enum Defined {
    CREATED,
    CHANGED,
    UNCHANGED
  }

  /**
   * Defines or redefines {@code name}.
   *
   * @param definition the member {@code type} names the view module, {@code js} when it is missing;
   *     {@code from} another query of the bucket whose rows are the input instead of the documents;
   *     the others are the module's own
   * @return when the definition is durable; fails with {@link
   *     io.millrace.api.view.InvalidDefinitionException} when the module refuses it or its input
   *     cannot be what {@code from} names, and with {@link io.millrace.api.error.NotFoundException}
   *     when the bucket does not exist and is not made by writing
   */
  CompletionStage<Defined> define(String name, ObjectNode definition, Attribution attribution);

  /**
   * Removes a definition with its rows.
   *
   * @return whether there was one
   */
  CompletionStage<Boolean> remove(String name, Attribution attribution);

  /** All queries of the bucket, by name. */
  List<QueryInfo> list();

  /** One query; empty when there is none. */
  Optional<QueryInfo> info(String name);

  /** Documents that the query could not compute, by id. */
  Cursor<DocumentError> errors(String name);

  /**
   * Builds a query again from nothing, while the old rows go on answering.
   *
   * @throws io.millrace.api.error.NotFoundException when there is no such query
   */
  void rebuild(String name);

  /**
   * Builds all queries of the bucket again, as {@link #rebuild} does.
   *
   * @return the names of those that are built; one without a view is left out
   */
  List<String> rebuildAll();

  /**
   * Asks a method for one value.
   *
   * @return completes when the view is as fresh as {@code consistency} says and has answered; fails
   *     with {@link io.millrace.api.error.NotFoundException} when there is no such query or method,
   *     and with {@link io.millrace.api.error.UnavailableException} (code {@code view-behind}) when
   *     waiting takes too long
   */
  CompletionStage<JsonNode> call(
      String name, String method, ViewArguments arguments, Consistency consistency);

  /** Opens a walk over rows; as {@link #call}, and the cursor must be closed. */
  CompletionStage<RowCursor> rows(
      String name, String method, ViewArguments arguments, Consistency consistency);

  /**
   * Opens rows that are followed; as {@link #rows}, and what it gives must be closed.
   *
   * <p>A sequence to go on from ({@link Following#since}) must lie within the life of the
   * definition as it is: behind a changed definition the rows of documents that did not change are
   * others, too.
   *
   * @return fails as {@link #rows} does, and with {@link
   *     io.millrace.api.error.InvalidRequestException} when the method's rows cannot be followed
   *     (code {@code not-live}), not with these arguments, or not from that sequence on (code
   *     {@code since-too-old})
   */
  CompletionStage<LiveRows> follow(
      String name,
      String method,
      ViewArguments arguments,
      Following following,
      Consistency consistency);

  /**
   * Answers a question that was not defined before, from whatever indexes the queries of the bucket
   * offer, or from all documents. Queries that are being built, or stand still, are not used; for
   * those that are a little behind it is waited as {@link #rows} does, though not long.
   *
   * @param question the arguments of the view module that answers, {@code query} for example
   * @return rows whose values are the answer; fails with {@link
   *     io.millrace.api.error.UnsupportedException} (code {@code no-finder}) when no view module
   *     answers such questions, and with {@link io.millrace.api.error.InvalidRequestException} when
   *     this one makes no sense
   */
  CompletionStage<RowCursor> find(ViewArguments question, Consistency consistency);

  /** How {@link #find} would answer; fails as it does. */
  CompletionStage<JsonNode> explain(ViewArguments question, Consistency consistency);

  /** Rows, and the sequence that the view had reached when they were read. */
  interface RowCursor extends Cursor<Row> {
    /** What the rows reflect. */
    long sequence();
  }
}
