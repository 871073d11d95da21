package io.millrace.rest.http;

import io.millrace.api.document.Revision;
import io.millrace.rest.json.JsonWriter;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as clients see it: problem details of RFC 9457.
 *
 * <p>For one thread at a time.
 */
public final class Problem {
  /** The media type of problems. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private final int status;
  private final String code;
  private final String detail;
  private final Map<String, byte[]> members = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();

  private Problem(int status, String code, String detail) {
    this.status = status;
    this.code = code;
    this.detail = detail;
  }

  /**
   * A problem without members of its own.
   *
   * @param code lower-case words joined by hyphens; the last part of the type
   * @param detail what was tried, on what, and what the reader can do
   */
  public static Problem of(int status, String code, String detail) {
    return new Problem(status, code, detail);
  }

  /** Adds a member that is a string. */
  public Problem with(String name, @Nullable String value) {
    return withJson(name, new JsonWriter(32).string(value).toByteArray());
  }

  /** Adds a member that is a revision, unless it is null. */
  public Problem with(String name, @Nullable Revision revision) {
    return revision == null ? this : with(name, revision.toString());
  }

  /** Adds a member that is a whole number. */
  public Problem with(String name, long value) {
    return withJson(name, new JsonWriter(20).number(value).toByteArray());
  }

  /** Adds a member that is yes or no. */
  public Problem with(String name, boolean value) {
    return withJson(name, new JsonWriter(5).bool(value).toByteArray());
  }

  /** Adds a member whose value is JSON already. */
  public Problem withJson(String name, byte[] json) {
    members.put(name, json);
    return this;
  }

  /** Adds a header to the answer. */
  public Problem header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The stable name. */
  public String code() {
    return code;
  }

  /** The explanation. */
  public String detail() {
    return detail;
  }

  /** The body of the answer. */
  public byte[] json() {
    JsonWriter json = new JsonWriter(256).startObject();
    json.name("type").string("urn:millrace:problem:" + code);
    json.name("title").string(title());
    json.name("status").number(status);
    json.name("detail").string(detail);
    members.forEach((name, value) -> json.name(name).json(value));
    return json.endObject().toByteArray();
  }

  /** The answer. */
  public Response response() {
    Response.ResponseBuilder answer = Response.status(status).type(MEDIA_TYPE).entity(json());
    headers.forEach(answer::header);
    return answer.build();
  }

  /** Something to throw that becomes this answer. */
  public ProblemException exception() {
    return new ProblemException(this);
  }

  private String title() {
    Response.Status known = Response.Status.fromStatusCode(status);
    return known == null
        ? status == 422 ? "Unprocessable Content" : "Error"
        : Objects.requireNonNull(known.getReasonPhrase());
  }
}
