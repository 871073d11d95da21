package io.millrace.cli.client;

import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A server that is asked over HTTP. */
public final class Server implements Endpoint {
  /** Where a server listens unless it is told otherwise. */
  public static final String USUAL = "http://127.0.0.1:1444";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int FIRST_ERROR = 400;
  private static final int CHARACTERS = 1 << 16;
  private static final Set<String> READS = Set.of("GET", "HEAD");

  private final String address;
  private final HttpClient client;

  /**
   * Remembers an address, which is asked with the first request.
   *
   * @throws InvalidRequestException when it is none of HTTP
   */
  public Server(String address) {
    this.address = address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
    URI uri;
    try {
      uri = URI.create(this.address);
    } catch (IllegalArgumentException e) {
      throw noAddress(address);
    }
    if (uri.getHost() == null
        || !Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
      throw noAddress(address);
    }
    client = client(uri.getScheme().equals("https"));
  }

  private static HttpClient client(boolean encrypted) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE);
    // To read whom the platform trusts takes as long as a whole command.
    return (encrypted ? builder : builder.sslContext(trustingNobody())).build();
  }

  private static SSLContext trustingNobody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[0], null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new InternalException("no-tls", "every Java platform must have TLS", e);
    }
  }

  private static InvalidRequestException noAddress(String address) {
    return new InvalidRequestException(
        "invalid-address", "'" + address + "' is no address of a server, as " + USUAL + " is");
  }

  @Override
  public String name() {
    return address;
  }

  @Override
  public Answer send(Call call) {
    HttpResponse<String> response =
        exchange(call, Call.JSON, BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() >= FIRST_ERROR) {
      throw RefusedException.of(address, response.statusCode(), response.body());
    }
    refuseStrangers(response);
    return new Answer(response.statusCode(), response.body());
  }

  @Override
  public Lines lines(Call call) {
    HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
        exchange(call, Call.NDJSON + ", application/json;q=0.9", BodyHandlers.ofPublisher());
    AnswerBytes bytes = new AnswerBytes();
    response.body().subscribe(bytes);
    Reading reading = new Reading(bytes);
    if (response.statusCode() >= FIRST_ERROR) {
      try (reading) {
        throw RefusedException.of(address, response.statusCode(), reading.rest());
      }
    }
    refuseStrangers(response);
    return reading;
  }

  private void refuseStrangers(HttpResponse<?> response) {
    String type = response.headers().firstValue("Content-Type").orElse(Call.JSON);
    if (!type.contains("json")) {
      throw new InvalidRequestException(
          "not-millrace", address + " is no Millrace server: it answers with " + type);
    }
  }

  private <T> HttpResponse<T> exchange(Call call, String accept, BodyHandler<T> handler) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + call.target()))
            .header("Accept", accept + ", application/problem+json;q=0.5")
            .method(
                call.method(),
                call.contentType() == null
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(call.body()));
    if (call.contentType() != null) {
      request.header("Content-Type", call.contentType());
    }
    header(request, "Millrace-Author", call.attribution().author());
    header(request, "Millrace-Message", call.attribution().message());
    String ifMatch = call.ifMatch();
    if (ifMatch != null) {
      request.header("If-Match", ifMatch.equals(Call.ANY) ? ifMatch : '"' + ifMatch + '"');
    }
    try {
      return client.send(request.build(), handler);
    } catch (IOException e) {
      throw noAnswer(call, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("interrupted", "interrupted", e);
    }
  }

  private static void header(HttpRequest.Builder request, String name, @Nullable String text) {
    if (text != null) {
      request.header(name, Call.encode(text));
    }
  }

  private MillraceException noAnswer(Call call, IOException cause) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return new UnavailableException(
          "no-answer",
          "no server answers at "
              + address
              + "; --server or MILLRACE_SERVER names another, --data opens a folder",
          cause);
    }
    return READS.contains(call.method())
        ? new UnavailableException("broken-answer", address + " broke off its answer", cause)
        : new UnknownOutcomeException(
            "unknown-outcome",
            address + " did not answer to the end, so the write may have taken effect or not",
            cause);
  }

  /** Nothing is held: connections end with the process. */
  @Override
  public void close() {}

  /** The lines of one answer. */
  private final class Reading implements Lines {
    private final BufferedReader reader;

    Reading(InputStream body) {
      reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), CHARACTERS);
    }

    @Override
    public @Nullable String next() {
      try {
        String line = reader.readLine();
        // An empty one says that the server is still there.
        while (line != null && line.isEmpty()) {
          line = reader.readLine();
        }
        return line;
      } catch (IOException e) {
        throw brokenOff(e);
      }
    }

    String rest() {
      StringBuilder text = new StringBuilder();
      for (String line = next(); line != null; line = next()) {
        text.append(line);
      }
      return text.toString();
    }

    private MillraceException brokenOff(IOException e) {
      return Thread.currentThread().isInterrupted()
          ? new UnavailableException("interrupted", "interrupted", e)
          : new UnavailableException(
              "broken-answer", address + " broke off its answer, which is not complete", e);
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
