package io.millrace.distribution;

import static io.millrace.distribution.Answer.json;
import static io.millrace.distribution.Answer.lines;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A day with the packaged server: real films are imported, queried by genre and by title, changed,
 * followed live through a reconnect, and found as they were after the server ended hard.
 *
 * <p>Uses the films of {@code -Dmillrace.test.movies=FILE} (NDJSON, gzipped), where they are
 * present; a small extract otherwise.
 */
class MoviesIT {
  private static final Path MOVIES =
      Path.of(System.getProperty("millrace.test.movies", "../../shared/data/movies.ndjson.gz"));

  @TempDir Path folder;

  static byte[] films() throws IOException {
    if (Files.isRegularFile(MOVIES)) {
      try (InputStream packed = new GZIPInputStream(Files.newInputStream(MOVIES))) {
        return packed.readAllBytes();
      }
    }
    try (InputStream extract = MoviesIT.class.getResourceAsStream("/movies-extract.ndjson")) {
      assertThat(extract).as("the extract").isNotNull();
      return extract.readAllBytes();
    }
  }

  /** What the queries must answer, computed the plain way. */
  private record Expected(int films, Map<String, Integer> byGenre, Map<String, Integer> byTitle) {
    static Expected of(byte[] ndjson) {
      Map<String, Integer> genres = new TreeMap<>();
      Map<String, Integer> titles = new TreeMap<>();
      int films = 0;
      for (String line : new String(ndjson, StandardCharsets.UTF_8).lines().toList()) {
        JsonNode film = Answer.tree(line);
        film.get("genres").forEach(genre -> genres.merge(genre.asText(), 1, Integer::sum));
        titles.merge(film.get("title").asText(), 1, Integer::sum);
        films++;
      }
      return new Expected(films, genres, titles);
    }
  }

  @Test
  void filmsAreImportedQueriedChangedFollowedAndSurviveAHardEnd() throws Exception {
    byte[] ndjson = films();
    Expected expected = Expected.of(ndjson);
    Path data = folder.resolve("data");
    List<JsonNode> horror;
    String sequence;
    try (ServerProcess server = ServerProcess.on(data).start()) {
      importFilms(server, ndjson, expected.films());
      define(server, "by-genre", "function(film){ film.genres.forEach(g => emit(g, film.title)) }");
      define(server, "by-title", "function(film){ return film.title }");
      readByTermAndRange(server, expected);
      changeFilms(server, expected);
      followThroughAReconnect(server);
      horror = rows(server, "by-genre?term=" + quoted("Horror"));
      sequence = json(server.get("/films"), 200).get("sequence").asText();
      server.kill();
    }
    try (ServerProcess server = ServerProcess.on(data).start()) {
      assertThat(json(server.get("/films"), 200).get("sequence").asText()).isEqualTo(sequence);
      assertThat(rows(server, "by-genre?term=" + quoted("Horror"))).isEqualTo(horror);
      assertThat(export(server)).hasSize(expected.films());
      assertThat(server.stop()).as(server.log()).isEqualTo(ServerProcess.ENDED_IN_ORDER);
    }
    IndexContent.assertEqualsRebuild(data, folder.resolve("rebuilt"));
  }

  private static void importFilms(ServerProcess server, byte[] ndjson, int films) {
    HttpResponse<String> reply =
        server.send(
            server
                .request("/films/_import?author=archivist")
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofByteArray(ndjson)));
    List<JsonNode> progress = lines(reply, 200);
    JsonNode last = progress.get(progress.size() - 1);
    assertThat(last.get("imported").asInt()).isEqualTo(films);
    assertThat(last.get("conflicts").asInt()).isZero();
    assertThat(json(server.get("/films"), 200).get("documents").asInt()).isEqualTo(films);
  }

  private static void define(ServerProcess server, String name, String map) {
    json(server.post("/films/_query/" + name, "{\"map\":\"" + map + "\"}"), 201);
  }

  private static void readByTermAndRange(ServerProcess server, Expected expected) {
    for (Map.Entry<String, Integer> genre : expected.byGenre().entrySet()) {
      assertThat(rows(server, "by-genre?term=" + quoted(genre.getKey())))
          .as(genre.getKey())
          .hasSize(genre.getValue())
          .allMatch(row -> row.get("key").asText().equals(genre.getKey()));
    }
    int inRange =
        expected.byTitle().entrySet().stream()
            .filter(
                title -> title.getKey().compareTo("M") >= 0 && title.getKey().compareTo("N") < 0)
            .mapToInt(Map.Entry::getValue)
            .sum();
    List<JsonNode> titles = rows(server, "by-title?start=" + quoted("M") + "&end=" + quoted("N"));
    assertThat(titles).hasSize(inRange);
    assertThat(titles).extracting(row -> row.get("value").asText()).isSorted();
    assertThat(rows(server, "by-title?prefix=" + quoted("The ")))
        .hasSize(
            expected.byTitle().entrySet().stream()
                .filter(title -> title.getKey().startsWith("The "))
                .mapToInt(Map.Entry::getValue)
                .sum());
  }

  private static void changeFilms(ServerProcess server, Expected expected) {
    String genre = "Horror";
    int before = expected.byGenre().get(genre);
    List<JsonNode> rows = rows(server, "by-genre?term=" + quoted(genre));
    String changed = rows.get(0).get("id").asText();
    String deleted = rows.get(1).get("id").asText();

    JsonNode film = json(server.get("/films/" + changed), 200);
    String rev = film.get("rev").asText();
    json(
        server.put(
            "/films/" + changed + "?rev=" + rev + "&author=critic",
            "{\"title\":\"Renamed\",\"year\":1900,\"cast\":[],\"genres\":[\"Remake\"]}"),
        200);
    assertThat(rows(server, "by-genre?term=" + quoted(genre))).hasSize(before - 1);
    assertThat(rows(server, "by-genre?term=" + quoted("Remake")))
        .singleElement()
        .matches(row -> row.get("value").asText().equals("Renamed"));
    assertThat(rows(server, "by-title?term=" + quoted("Renamed")))
        .singleElement()
        .matches(row -> row.get("key").asText().equals(changed));

    String doomed = json(server.get("/films/" + deleted), 200).get("rev").asText();
    json(server.delete("/films/" + deleted + "?rev=" + doomed), 200);
    assertThat(rows(server, "by-genre?term=" + quoted(genre))).hasSize(before - 2);
    assertThat(server.get("/films/" + deleted).statusCode()).isEqualTo(404);
    json(
        server.post("/films", "{\"title\":\"Brand New\",\"year\":2026,\"genres\":[\"Horror\"]}"),
        201);
    assertThat(rows(server, "by-genre?term=" + quoted(genre))).hasSize(before - 1);
  }

  private static void followThroughAReconnect(ServerProcess server) throws Exception {
    long since = json(server.get("/films"), 200).get("sequence").asLong();
    List<Long> seen = new ArrayList<>();
    put(server, "followed-1");
    try (BufferedReader feed = events(server, since, null)) {
      seen.add(nextEvent(feed));
      put(server, "followed-2");
      seen.add(nextEvent(feed));
    }
    put(server, "followed-3");
    try (BufferedReader feed = events(server, 0, seen.get(1))) {
      seen.add(nextEvent(feed));
      put(server, "followed-4");
      seen.add(nextEvent(feed));
    }
    assertThat(seen).containsExactly(since + 1, since + 2, since + 3, since + 4);
    for (int i = 1; i <= 4; i++) {
      String rev = json(server.get("/films/followed-" + i), 200).get("rev").asText();
      json(server.delete("/films/followed-" + i + "?rev=" + rev), 200);
    }
  }

  private static void put(ServerProcess server, String id) {
    json(server.put("/films/" + id, "{\"title\":\"" + id + "\",\"genres\":[]}"), 201);
  }

  private static BufferedReader events(ServerProcess server, long since, Long lastEventId)
      throws IOException, InterruptedException {
    String query = lastEventId == null ? "?since=" + since : "";
    var request = server.request("/films/_activity" + query).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", Long.toString(lastEventId));
    }
    HttpResponse<InputStream> reply =
        server.client().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(reply.statusCode()).isEqualTo(200);
    return new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
  }

  /** The id of the next event; its data must have the same sequence. */
  private static long nextEvent(BufferedReader feed) throws IOException {
    long id = 0;
    for (String line = feed.readLine(); line != null; line = feed.readLine()) {
      if (line.startsWith("id:")) {
        id = Long.parseLong(line.substring(3).strip());
      } else if (line.startsWith("data:")) {
        assertThat(Answer.tree(line.substring(5)).get("seq").asLong()).isEqualTo(id);
      } else if (line.isEmpty() && id != 0) {
        return id;
      }
    }
    throw new AssertionError("the feed ended");
  }

  private static List<JsonNode> rows(ServerProcess server, String query) {
    return lines(
        server.send(
            server
                .request("/films/_query/" + query + "&limit=1000000")
                .header("Accept", "application/x-ndjson")
                .GET()),
        200);
  }

  private static List<JsonNode> export(ServerProcess server) {
    return lines(server.get("/films/_export"), 200);
  }

  private static String quoted(String text) {
    return URLEncoder.encode("\"" + text + "\"", StandardCharsets.UTF_8);
  }
}
