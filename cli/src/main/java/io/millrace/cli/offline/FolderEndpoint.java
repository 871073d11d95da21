package io.millrace.cli.offline;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.Activity;
import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.BucketInfo;
import io.millrace.api.Database;
import io.millrace.api.DatabaseInfo;
import io.millrace.api.DocumentRange;
import io.millrace.api.document.Difference;
import io.millrace.api.document.Document;
import io.millrace.api.document.Moment;
import io.millrace.api.document.Revision;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.view.Consistency;
import io.millrace.api.view.ViewArguments;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * A data folder that is opened here. Answers what commands ask for; what needs a server, such as
 * following what others write, is refused.
 */
public final class FolderEndpoint implements Endpoint {
  private static final String SYSTEM = "_system";
  private static final int OK = 200;
  private static final int CREATED = 201;

  private final Database database;
  private final String name;
  private final Writes writes;
  private final Restoring restoring;

  /**
   * @param database is closed with this
   */
  public FolderEndpoint(Database database, Path folder) {
    this.database = database;
    this.name = folder.toString();
    this.writes = new Writes(database, name);
    this.restoring = new Restoring(database, writes);
  }

  @Override
  public String name() {
    return name;
  }

  /** The method and the path with {@code *} for names, such as {@code GET * _query *}. */
  private static String shape(Call call) {
    StringJoiner shape = new StringJoiner(" ").add(call.method());
    for (String segment : call.path()) {
      boolean system = segment.startsWith("_") || call.path().get(0).equals(SYSTEM);
      shape.add(system ? segment : "*");
    }
    return shape.toString();
  }

  @Override
  public Answer send(Call call) {
    List<String> path = call.path();
    String first = path.get(0);
    Parameters parameters = Parameters.of(call);
    return switch (shape(call)) {
      case "GET _system info" -> new Answer(OK, info());
      case "GET *" -> new Answer(OK, Texts.of(existing(first)));
      case "PUT *" -> create(call, first);
      case "DELETE *" -> drop(call, first);
      case "POST *" -> writes.put(call, first, null);
      case "GET * *" -> new Answer(OK, document(first, path.get(1), parameters));
      case "PUT * *" -> writes.put(call, first, path.get(1));
      case "PATCH * *" -> writes.patch(call, first, path.get(1));
      case "DELETE * *" -> writes.delete(call, first, path.get(1));
      case "POST * _batch" -> writes.batch(call, first);
      case "GET * _activity", "GET _system activity" ->
          new Answer(OK, Json.object().put("sequence", database.since().value()).toString());
      case "POST * _query *" -> define(call, first, path.get(2));
      case "DELETE * _query *" -> remove(call, first, path.get(2));
      case "POST * _find" -> new Answer(OK, explain(call, first));
      case "POST * _rollback" -> restoring.rollback(call, first);
      case "POST _system rollback" -> restoring.rollback(call, null);
      case "POST * * _rollback" -> restoring.rollback(call, first, path.get(1));
      case "GET _system log verify" -> restoring.verify(parameters);
      case "GET * * _blame" -> new Answer(OK, blame(first, path.get(1), parameters));
      case "GET * * _diff" ->
          new Answer(
              OK,
              database
                  .bucket(first)
                  .history()
                  .patch(
                      path.get(1),
                      parameters.moment("from", Moment.present()),
                      parameters.moment("to", Moment.present()))
                  .toString());
      default -> throw onlyServed();
    };
  }

  @Override
  public Lines lines(Call call) {
    List<String> path = call.path();
    String first = path.get(0);
    Parameters parameters = Parameters.of(call);
    return switch (shape(call)) {
      case "GET _system buckets" ->
          new ListLines(database.buckets().stream().map(Texts::of).toList());
      case "GET * _documents", "GET * _export" -> documents(first, parameters);
      case "GET * _activity" -> {
        existing(first);
        yield activity(database.bucket(first).activity(), parameters, false);
      }
      case "GET _system activity" -> activity(database.activity(), parameters, true);
      case "GET _system log" ->
          new CursorLines<>(
              database.commits(parameters.range(), parameters.commits()),
              parameters.limit(),
              commit -> Texts.of(commit, database));
      case "GET * _log" ->
          new CursorLines<>(
              database.bucket(first).history().commits(parameters.range(), parameters.commits()),
              parameters.limit(),
              commit -> Texts.of(commit, database));
      case "GET * * _history" -> history(first, path.get(1), parameters);
      case "GET * _diff" -> differences(first, parameters);
      case "POST * _import" -> new ListLines(List.of(writes.load(call, first)));
      case "GET * _query" ->
          new ListLines(database.bucket(first).queries().list().stream().map(Texts::of).toList());
      case "GET * _query *" -> rows(first, path.get(2), "rows", parameters);
      case "GET * _query * *" -> rows(first, path.get(2), path.get(3), parameters);
      case "POST * _find" -> find(call, first, parameters);
      default -> throw onlyServed();
    };
  }

  private UnsupportedException onlyServed() {
    return new UnsupportedException(
        "only-served", "this needs a running server; it cannot be done on the folder " + name);
  }

  private static NotFoundException missing(String bucket) {
    return new NotFoundException("bucket-missing", "there is no bucket " + bucket);
  }

  private BucketInfo existing(String bucket) {
    return database.bucket(bucket).info().orElseThrow(() -> missing(bucket));
  }

  private Answer create(Call call, String bucket) {
    long sequence = Writes.await(database.createBucket(bucket, call.attribution()));
    ObjectNode json = Json.object().put("name", bucket).put("created", sequence > 0);
    return sequence > 0
        ? new Answer(CREATED, json.put("seq", sequence).toString())
        : new Answer(OK, json.toString());
  }

  private Answer drop(Call call, String bucket) {
    long sequence = Writes.await(database.dropBucket(bucket, call.attribution()));
    if (sequence == 0) {
      throw missing(bucket);
    }
    ObjectNode json = Json.object().put("name", bucket).put("dropped", true);
    return new Answer(OK, json.put("seq", sequence).toString());
  }

  private String info() {
    DatabaseInfo info = database.info();
    ObjectNode json = Json.object();
    String version = Database.class.getPackage().getImplementationVersion();
    json.put("version", version == null ? "unknown" : version);
    json.put("node", info.node()).put("uuid", info.uuid().toString());
    json.put("sequence", info.sequence());
    json.putObject("jdk").put("version", Runtime.version().toString());
    ObjectNode data = json.putObject("data");
    data.put("log_bytes", info.logBytes()).put("store_bytes", info.storeBytes());
    ArrayNode modules = json.putArray("modules");
    for (DatabaseInfo.Module module : info.modules()) {
      ObjectNode one = modules.addObject();
      one.put("kind", module.kind()).put("name", module.name());
      one.put("version", module.version()).put("origin", module.origin());
      one.put("chosen", module.chosen());
    }
    return json.toString();
  }

  private String document(String bucket, String id, Parameters parameters) {
    Bucket own = database.bucket(bucket);
    String revision = parameters.text("rev");
    Optional<Document> found;
    if (revision != null) {
      found = own.find(id, Revision.parse(revision));
    } else if (parameters.text("at") != null) {
      found = own.findAt(id, parameters.sequence("at", database, 0));
    } else {
      found = parameters.flag("conflicts", false) ? own.findWithConflicts(id) : own.find(id);
    }
    Document document =
        found.orElseThrow(
            () -> {
              existing(bucket);
              return new NotFoundException(
                  "document-missing", "there is no such document in " + bucket);
            });
    if (document.deleted()) {
      throw new NotFoundException(
          "document-deleted", "the document was deleted by revision " + document.revision());
    }
    return Texts.of(document, true);
  }

  private Lines documents(String bucket, Parameters parameters) {
    long at = parameters.sequence("at", database, DocumentRange.NOW);
    if (at == DocumentRange.NOW) {
      existing(bucket);
    }
    boolean bodies = parameters.flag("body", true);
    DocumentRange range =
        new DocumentRange(
            parameters.text("start"),
            parameters.text("end"),
            parameters.text("prefix"),
            null,
            parameters.flag("reverse", false),
            at,
            bodies,
            parameters.limit());
    return new CursorLines<>(
        database.bucket(bucket).documents(range),
        parameters.limit(),
        document -> Texts.of(document, bodies));
  }

  private static Lines activity(Activity activity, Parameters parameters, boolean all) {
    if (parameters.text("feed") != null) {
      throw new UnsupportedException(
          "only-served",
          "nobody else writes to a folder that is opened here, so there is nothing to follow;"
              + " --no-follow shows what there is");
    }
    ActivityFilter filter =
        new ActivityFilter(
            parameters.text("id"), parameters.commits(), false, parameters.flag("body", false));
    return new CursorLines<>(
        activity.read(parameters.range(), filter),
        parameters.limit(),
        change -> Texts.activity(change, all));
  }

  private Lines history(String bucket, String id, Parameters parameters) {
    Activity activity = database.bucket(bucket).activity();
    ActivityFilter filter =
        new ActivityFilter(id, parameters.commits(), false, parameters.flag("body", false));
    return new CursorLines<>(
        activity.read(parameters.range(), filter), parameters.limit(), Texts::history);
  }

  private Lines differences(String bucket, Parameters parameters) {
    boolean bodies = parameters.flag("body", true);
    return new CursorLines<>(
        database
            .bucket(bucket)
            .history()
            .differences(
                parameters.moment("from", Moment.of(0)),
                parameters.moment("to", Moment.present()),
                EnumSet.allOf(Difference.Kind.class),
                bodies),
        Long.MAX_VALUE,
        difference -> Texts.of(difference, bodies));
  }

  private String blame(String bucket, String id, Parameters parameters) {
    return database
        .bucket(bucket)
        .history()
        .blame(id, parameters.moment("at", Moment.present()))
        .map(Texts::of)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "document-missing", "there is no such document in " + bucket));
  }

  private Answer define(Call call, String bucket, String query) {
    ObjectNode definition = (ObjectNode) tree(call);
    String defined =
        Writes.await(
                database.bucket(bucket).queries().define(query, definition, call.attribution()))
            .name()
            .toLowerCase(Locale.ROOT);
    return new Answer(OK, Json.object().put("name", query).put("defined", defined).toString());
  }

  private static JsonNode tree(Call call) {
    return Json.given(new String(call.body(), StandardCharsets.UTF_8), "the body");
  }

  private Answer remove(Call call, String bucket, String query) {
    if (!Writes.await(database.bucket(bucket).queries().remove(query, call.attribution()))) {
      throw new NotFoundException("query-missing", "there is no query " + query);
    }
    return new Answer(OK, Json.object().put("name", query).put("removed", true).toString());
  }

  private Lines rows(String bucket, String query, String method, Parameters parameters) {
    if (parameters.flag("live", false)) {
      throw onlyServed();
    }
    Map<String, String> arguments = new LinkedHashMap<>(parameters.texts());
    arguments.remove("limit");
    return new CursorLines<>(
        Writes.await(
            database
                .bucket(bucket)
                .queries()
                .rows(query, method, ViewArguments.ofTexts(arguments), Consistency.latest())),
        parameters.limit(),
        Texts::of);
  }

  private Lines find(Call call, String bucket, Parameters parameters) {
    return new CursorLines<>(
        Writes.await(database.bucket(bucket).queries().find(question(call), Consistency.latest())),
        parameters.limit(),
        row -> Texts.text(row.value()));
  }

  private String explain(Call call, String bucket) {
    return Writes.await(
            database.bucket(bucket).queries().explain(question(call), Consistency.latest()))
        .toString();
  }

  private static ViewArguments question(Call call) {
    Map<String, JsonNode> values = new HashMap<>();
    tree(call).properties().forEach(member -> values.put(member.getKey(), member.getValue()));
    return ViewArguments.ofValues(values);
  }

  @Override
  public void close() {
    database.close();
  }
}
