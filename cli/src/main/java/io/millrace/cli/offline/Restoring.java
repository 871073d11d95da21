package io.millrace.cli.offline;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.LogVerification;
import io.millrace.api.RolledBack;
import io.millrace.api.document.CommitDigest;
import io.millrace.api.document.Moment;
import io.millrace.cli.client.Answer;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Requests that bring back an earlier state, and the one that proves the past. */
final class Restoring {
  private static final int OK = 200;

  private final Database database;
  private final Writes writes;

  Restoring(Database database, Writes writes) {
    this.database = database;
    this.writes = writes;
  }

  private static Moment target(Call call) {
    JsonNode to =
        Json.given(new String(call.body(), StandardCharsets.UTF_8), "the body").path("to");
    return Moment.parse(to.asText());
  }

  private static boolean dry(Call call) {
    return Parameters.of(call).flag("dry_run", false);
  }

  /**
   * Rolls back a bucket, or everything.
   *
   * @param bucket null for all
   */
  Answer rollback(Call call, @Nullable String bucket) {
    long to = database.resolve(target(call));
    RolledBack rolled;
    if (dry(call)) {
      rolled = bucket == null ? database.previewRollback(to) : database.previewRollback(bucket, to);
    } else {
      rolled =
          Writes.await(
              bucket == null
                  ? database.rollback(to, call.attribution())
                  : database.rollback(bucket, to, call.attribution()));
    }
    return new Answer(OK, Texts.of(rolled));
  }

  /** Rolls back a document. */
  Answer rollback(Call call, String bucket, String id) {
    Bucket own = database.bucket(bucket);
    Moment to = target(call);
    return dry(call)
        ? new Answer(OK, Texts.of(own.previewRollback(id, to)))
        : new Answer(
            OK, Texts.of(writes.accepted(own.rollback(id, to, call.attribution())).get(0)));
  }

  /** Follows the digests of commits. */
  Answer verify(Parameters parameters) {
    long last = database.since().value();
    String noted = parameters.text("digest");
    CommitDigest digest;
    try {
      digest = noted == null ? null : CommitDigest.parse(noted);
    } catch (IllegalArgumentException e) {
      throw Parameters.refused("digest", "must be 64 hexadecimal digits");
    }
    LogVerification found =
        last == 0 && digest == null
            ? new LogVerification(0, 0, 0, CommitDigest.NONE, null, null)
            : database.verify(parameters.count("from", 1), parameters.count("to", last), digest);
    return new Answer(OK, Texts.of(found));
  }
}
