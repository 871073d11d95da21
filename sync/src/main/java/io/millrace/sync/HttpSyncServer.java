package io.millrace.sync;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Body;
import io.millrace.api.document.ExactTree;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.api.sync.ChangeOutcome;
import io.millrace.api.sync.ChangePage;
import io.millrace.api.sync.StartOverException;
import io.millrace.api.sync.SyncServer;
import io.millrace.api.sync.SyncedChange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A bucket of a Millrace server, reached over HTTP.
 *
 * <p>A server that is not there, or has no time, is an {@link UnavailableException}; changes whose
 * answer was lost are an {@link UnknownOutcomeException}, after which a sync goes on as well. Safe
 * for use by many threads.
 */
public final class HttpSyncServer implements SyncServer {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

  private final String bucket;
  private final HttpClient http;

  /**
   * @param bucket the address of the bucket, such as {@code http://127.0.0.1:1444/films}
   */
  public HttpSyncServer(URI bucket, HttpClient http) {
    this.bucket = bucket.toString().replaceFirst("/$", "");
    this.http = http;
  }

  /** The bucket at {@code address}, with an HTTP client of its own. */
  public static HttpSyncServer at(String address) {
    return new HttpSyncServer(
        URI.create(address), HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build());
  }

  @Override
  public ChangePage changes(String cid, int limit) {
    HttpResponse<byte[]> answer;
    try {
      answer =
          http.send(
              request("changes?cid=" + encoded(cid) + "&limit=" + limit).build(),
              BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
    if (answer.statusCode() == 200) {
      return page(answer.body());
    }
    MillraceException refusal = refusal(answer);
    if (cid.equals(START) && refusal.code().equals("bucket-missing")) {
      return new ChangePage(START, List.of(), false);
    }
    throw refusal;
  }

  @Override
  public CompletionStage<ChangeOutcome> change(
      String cid, List<SyncedChange> changes, Attribution attribution) {
    HttpRequest.Builder request = request("change" + query(attribution));
    request.header("Content-Type", "application/json");
    request.POST(BodyPublishers.ofByteArray(json(cid, changes)));
    return http.sendAsync(request.build(), BodyHandlers.ofByteArray())
        .handle(
            (answer, failure) -> {
              if (failure != null) {
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                throw new UnknownOutcomeException(
                    "no-answer", "no answer came from " + bucket + ": " + cause, cause);
              }
              return outcome(answer);
            });
  }

  private HttpRequest.Builder request(String method) {
    return HttpRequest.newBuilder(URI.create(bucket + "/_sync/" + method))
        .timeout(ANSWER_TIMEOUT)
        .header("Accept", "application/json");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String query(Attribution attribution) {
    String author = attribution.author();
    String message = attribution.message();
    String query = author == null ? "" : "&author=" + encoded(author);
    query += message == null ? "" : "&message=" + encoded(message);
    return query.isEmpty() ? "" : "?" + query.substring(1);
  }

  private static byte[] json(String cid, List<SyncedChange> changes) {
    ByteArrayOutputStream json = new ByteArrayOutputStream(64 + 128 * changes.size());
    json.writeBytes(ascii("{\"cid\":"));
    string(json, cid);
    json.writeBytes(ascii(",\"changes\":["));
    String separator = "";
    for (SyncedChange change : changes) {
      Body body = change.body();
      json.writeBytes(ascii(separator + "{\"type\":\"" + (body == null ? "del" : "put")));
      json.writeBytes(ascii("\",\"id\":"));
      string(json, change.id());
      if (body != null) {
        json.writeBytes(ascii(",\"value\":"));
        json.writeBytes(body.json());
      }
      json.write('}');
      separator = ",";
    }
    json.writeBytes(ascii("]}"));
    return json.toByteArray();
  }

  private static void string(ByteArrayOutputStream json, String text) {
    json.write('"');
    json.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(text));
    json.write('"');
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static ChangePage page(byte[] json) {
    Map<String, byte[]> members = members(JsonText.parse(json));
    byte[] cid = members.get("cid");
    byte[] changes = members.get("changes");
    byte[] more = members.get("more");
    if (cid == null || changes == null || changes[0] != '[' || more == null) {
      throw strange("a page without cid, changes or more");
    }
    List<SyncedChange> all = new ArrayList<>();
    for (byte[] element : JsonText.parse(changes).elements()) {
      Map<String, byte[]> change = members(JsonText.parse(element));
      byte[] id = change.get("id");
      byte[] type = change.get("type");
      byte[] value = change.get("value");
      if (id == null || type == null || (value == null) != text(type).equals("del")) {
        throw strange("a change without type, id or value");
      }
      all.add(
          value == null
              ? SyncedChange.del(text(id))
              : SyncedChange.put(text(id), JsonText.parseBody(value)));
    }
    return new ChangePage(text(cid), all, more[0] == 't');
  }

  private static Map<String, byte[]> members(JsonText text) {
    if (!text.isObject()) {
      throw strange("something other than an object");
    }
    Map<String, byte[]> members = new HashMap<>();
    text.members().forEach(member -> members.put(member.name(), member.value()));
    return members;
  }

  private static String text(byte[] json) {
    return ExactTree.read(json).asText();
  }

  private static ChangeOutcome outcome(HttpResponse<byte[]> answer) {
    if (answer.statusCode() == 200) {
      byte[] cid = members(JsonText.parse(answer.body())).get("cid");
      if (cid == null) {
        throw strange("no cid");
      }
      return new ChangeOutcome.Accepted(text(cid));
    }
    MillraceException refusal = refusal(answer);
    if (answer.statusCode() == 409 && refusal.code().equals("cid-mismatch")) {
      return new ChangeOutcome.Mismatch();
    }
    throw refusal;
  }

  /** The error that an answer tells of. */
  private static MillraceException refusal(HttpResponse<byte[]> answer) {
    JsonNode problem = problem(answer.body());
    int status = answer.statusCode();
    String type = problem == null ? "" : problem.path("type").asText();
    String code = type.isEmpty() ? "status-" + status : type.substring(type.lastIndexOf(':') + 1);
    String id = problem == null ? "" : problem.path("id").asText();
    String detail =
        "the server answered "
            + status
            + (problem == null ? "" : ": " + problem.path("detail").asText())
            + (id.isEmpty() ? "" : " (document " + id + ")");
    if (status == 410 && code.equals(StartOverException.CODE)) {
      return new StartOverException(detail);
    }
    if (status >= 500) {
      return code.equals("unknown-outcome")
          ? new UnknownOutcomeException(code, detail)
          : new UnavailableException(code, detail);
    }
    return status == 404
        ? new NotFoundException(code, detail)
        : new InvalidRequestException(code, detail);
  }

  private static @Nullable JsonNode problem(byte[] json) {
    try {
      JsonNode problem = MAPPER.readTree(json);
      return problem != null && problem.isObject() ? problem : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static InternalException strange(String what) {
    return new InternalException("strange-answer", "the server answered " + what);
  }

  private UnavailableException unreachable(Exception cause) {
    return new UnavailableException(
        "server-unreachable", "no answer came from " + bucket + ": " + cause, cause);
  }
}
