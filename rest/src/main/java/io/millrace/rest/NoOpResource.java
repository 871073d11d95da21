package io.millrace.rest;

import io.millrace.rest.http.RequestBody;
import io.smallrye.common.annotation.NonBlocking;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;

/**
 * Does nothing, so that benchmarks can tell what HTTP itself costs. There only when {@code
 * millrace.benchmark.no-op} says so.
 */
@Path("_system/no-op")
@Singleton
public final class NoOpResource {
  private static final byte[] ANSWER = "{\"ok\":true}".getBytes(StandardCharsets.US_ASCII);

  private final RestSettings settings;

  NoOpResource(RestSettings settings) {
    this.settings = settings;
  }

  @GET
  @NonBlocking
  @Produces("application/json")
  @Operation(hidden = true)
  public byte[] read() {
    requireEnabled();
    return ANSWER;
  }

  @PUT
  @Produces("application/json")
  @Operation(hidden = true)
  public CompletionStage<byte[]> write(@Context RoutingContext context) {
    requireEnabled();
    return RequestBody.read(context, settings.maxRequestBytes()).thenApply(body -> ANSWER);
  }

  @POST
  @Produces("application/json")
  @Operation(hidden = true)
  public CompletionStage<byte[]> append(@Context RoutingContext context) {
    return write(context);
  }

  private void requireEnabled() {
    if (!settings.noOp()) {
      throw new NotFoundException();
    }
  }
}
