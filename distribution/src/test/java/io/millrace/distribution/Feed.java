package io.millrace.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** A feed that is being read line by line. */
final class Feed implements AutoCloseable {
  private final HttpResponse<InputStream> response;
  private final BufferedReader lines;

  private Feed(HttpResponse<InputStream> response) {
    this.response = response;
    lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  static Feed open(ServerProcess server, HttpRequest.Builder request) throws Exception {
    Feed feed = new Feed(server.client().send(request.build(), BodyHandlers.ofInputStream()));
    assertThat(feed.response.statusCode()).isEqualTo(200);
    return feed;
  }

  /** The type of the answer. */
  String contentType() {
    return response.headers().firstValue("Content-Type").orElse("");
  }

  /** The next line that {@code begins} like this, and the ones before it skipped. */
  String next(String begins) throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(begins)) {
        return line;
      }
    }
    throw new AssertionError("the feed ended");
  }

  boolean ended() throws IOException {
    return lines.readLine() == null;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
