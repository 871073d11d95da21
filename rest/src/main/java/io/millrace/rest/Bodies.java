package io.millrace.rest;

import io.millrace.api.document.Body;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.JsonText.WrittenDocument;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.RequestBody;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Bodies of requests, read once and parsed once. Used on the event loop. */
@Singleton
final class Bodies {
  /** What takes longer to parse than this does not keep the event loop waiting. */
  private static final int LONGEST_ON_LOOP = 64 << 10;

  private final RestSettings settings;
  private final Readers readers;

  Bodies(RestSettings settings, Readers readers) {
    this.settings = settings;
    this.readers = readers;
  }

  /** The JSON body of a request whose type must be one of {@code types}. */
  CompletableFuture<JsonText> json(RoutingContext context, String... types) {
    MediaTypes.require(context, types.length == 0 ? new String[] {MediaTypes.JSON} : types);
    return read(context, settings.maxRequestBytes(), JsonText::parse);
  }

  /** A JSON body that is one document. */
  CompletableFuture<WrittenDocument> document(RoutingContext context) {
    MediaTypes.require(context, MediaTypes.JSON);
    return read(context, settings.maxDocumentBytes(), bytes -> JsonText.parse(bytes).document());
  }

  private <T> CompletableFuture<T> read(
      RoutingContext context, int maxBytes, Function<byte[], T> parse) {
    return RequestBody.read(context, maxBytes)
        .thenCompose(
            bytes ->
                bytes.length <= LONGEST_ON_LOOP
                    ? CompletableFuture.completedFuture(parse.apply(bytes))
                    : readers.scan(() -> parse.apply(bytes)));
  }

  /** {@code body}, if a document may be that long. */
  Body limited(Body body) {
    if (body.length() > settings.maxDocumentBytes()) {
      throw Problem.of(
              413,
              "document-too-large",
              "a document may have " + settings.maxDocumentBytes() + " bytes at most")
          .with("limit", settings.maxDocumentBytes())
          .exception();
    }
    return body;
  }

  /** The longest document that is accepted. */
  int maxDocumentBytes() {
    return settings.maxDocumentBytes();
  }

  /** The event loop of the request that is being handled on this thread. */
  static Executor loop() {
    Context context = Vertx.currentContext();
    return task -> context.runOnContext(nothing -> task.run());
  }
}
