package io.millrace.rest.http;

import jakarta.ws.rs.core.Response;

/** Answers that are one JSON value. */
public final class Answers {
  private Answers() {}

  /** 200 with {@code json}. */
  public static Response ok(byte[] json) {
    return json(200, json).build();
  }

  /** An answer to be completed. */
  public static Response.ResponseBuilder json(int status, byte[] json) {
    return Response.status(status).header("Content-Type", MediaTypes.JSON).entity(json);
  }
}
