package io.millrace.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.BackupInfo;
import io.millrace.api.Database;
import io.millrace.api.document.Body;
import io.millrace.api.document.JsonText;
import io.millrace.rest.http.Answers;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Parameters;
import io.millrace.rest.http.Problem;
import io.millrace.rest.json.JsonWriter;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Backups while the server serves, below the one folder that the operator chose. A client names
 * them; it has no say in where on the machine they are.
 */
@Path("/")
@Singleton
@Tag(name = "System")
public final class BackupResource {
  /** No separator, and nothing that begins with a dot, so nothing leads out of the folder. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

  private static final String TO = "to";

  private final DatabaseAccess access;
  private final Readers readers;
  private final Bodies bodies;
  private final RestSettings settings;

  BackupResource(DatabaseAccess access, Readers readers, Bodies bodies, RestSettings settings) {
    this.access = access;
    this.readers = readers;
    this.bodies = bodies;
    this.settings = settings;
  }

  @POST
  @Path("_system/backup")
  @Operation(summary = "Makes a backup, or continues one with what is new since")
  public CompletionStage<Response> backup(@Context RoutingContext context) {
    Parameters.of(context, Set.of());
    MediaTypes.negotiate(context, MediaTypes.JSON);
    Database database = access.database();
    java.nio.file.Path folder = required(settings.backupFolder());
    return bodies
        .json(context)
        .thenApply(BackupResource::name)
        .thenCompose(name -> readers.scan(() -> made(name, database.backup(folder.resolve(name)))));
  }

  private static java.nio.file.Path required(java.nio.file.@Nullable Path folder) {
    if (folder == null) {
      throw Problem.of(
              403,
              "no-backup-folder",
              "clients of this server make no backups; to let them, set millrace.backup.folder to"
                  + " the folder that backups are to be made in")
          .exception();
    }
    return folder;
  }

  private static String name(JsonText text) {
    ObjectNode body = text.isObject() ? Body.ofCheckedJson(text.json()).tree() : null;
    JsonNode to = body == null ? null : body.get(TO);
    if (body == null || body.size() != 1 || to == null || !to.isTextual()) {
      throw Problem.of(422, "invalid-member", "the body must be {\"to\": NAME}").exception();
    }
    if (!NAME.matcher(to.textValue()).matches()) {
      throw Problem.of(
              422,
              "invalid-member",
              "the member to must be the name of a folder below millrace.backup.folder: 1 to 200"
                  + " letters, digits, dots, hyphens and underscores, not beginning with a dot")
          .exception();
    }
    return to.textValue();
  }

  private static Response made(String name, BackupInfo info) {
    JsonWriter json = new JsonWriter(160).startObject();
    json.name(TO).string(name);
    json.name("seq").number(info.sequence());
    json.name("bytes").number(info.bytes());
    json.name("linked").number(info.linkedBytes());
    return Answers.json(201, json.endObject().toByteArray()).build();
  }
}
