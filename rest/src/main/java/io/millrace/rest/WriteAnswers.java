package io.millrace.rest;

import io.millrace.api.document.CommitOutcome;
import io.millrace.api.document.CommitOutcome.Committed;
import io.millrace.api.document.CommitOutcome.Reason;
import io.millrace.api.document.CommitOutcome.Refusal;
import io.millrace.api.document.CommitOutcome.Refused;
import io.millrace.api.document.CommitOutcome.Written;
import io.millrace.rest.http.EntityTags;
import io.millrace.rest.http.PathSegments;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.ShortAnswer;
import io.millrace.rest.json.JsonWriter;
import java.util.List;
import java.util.Locale;

/** What clients are told of their writes. */
final class WriteAnswers {
  private WriteAnswers() {}

  /** Of the one edit of a POST: 201 with the place of the document. */
  static ShortAnswer posted(CommitOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return ShortAnswer.of(refusal(refused.refusals().get(0), false));
    }
    Written written = ((Committed) outcome).written().get(0);
    return tagged(201, written).at(location(written));
  }

  /** Of the one edit of a PUT: 201 or 200. */
  static ShortAnswer put(CommitOutcome outcome, boolean onlyCreate) {
    if (outcome instanceof Refused refused) {
      return ShortAnswer.of(refusal(refused.refusals().get(0), onlyCreate));
    }
    Written written = ((Committed) outcome).written().get(0);
    return written.created() ? tagged(201, written).at(location(written)) : tagged(200, written);
  }

  /** Of the one edit of a PATCH or DELETE: 200. */
  static ShortAnswer changed(CommitOutcome outcome) {
    if (outcome instanceof Refused refused) {
      return ShortAnswer.of(refusal(refused.refusals().get(0), false));
    }
    Written written = ((Committed) outcome).written().get(0);
    return written.deleted() ? ShortAnswer.json(200, one(written)) : tagged(200, written);
  }

  /** Of several edits: an array in their order. */
  static ShortAnswer several(CommitOutcome outcome, int status, boolean buckets) {
    if (outcome instanceof Refused refused) {
      return ShortAnswer.of(refusals(refused.refusals()));
    }
    List<Written> written = ((Committed) outcome).written();
    JsonWriter json = new JsonWriter(2 + 96 * written.size()).startArray();
    for (Written edit : written) {
      write(json, edit, buckets);
    }
    return ShortAnswer.json(status, json.endArray().toByteArray());
  }

  private static ShortAnswer tagged(int status, Written written) {
    return ShortAnswer.json(status, one(written), EntityTags.of(written.revision()));
  }

  private static byte[] one(Written written) {
    JsonWriter json = new JsonWriter(80 + 6 * written.id().length());
    write(json, written, false);
    return json.toByteArray();
  }

  private static void write(JsonWriter json, Written written, boolean bucket) {
    json.startObject();
    if (bucket) {
      json.name("bucket").string(written.bucket());
    }
    json.name("id").string(written.id());
    json.name("rev").string(written.revision().toString());
    json.name("seq").number(written.sequence());
    if (written.deleted()) {
      json.name("deleted").bool(true);
    }
    json.endObject();
  }

  private static String location(Written written) {
    return "/" + written.bucket() + "/" + PathSegments.percentEncode(written.id());
  }

  /** The problem that a refused edit is. */
  static Problem refusal(Refusal refusal, boolean onlyCreate) {
    boolean failedPrecondition = onlyCreate && refusal.reason() == Reason.CONFLICT;
    Problem problem =
        failedPrecondition
            ? Problem.of(412, "precondition-failed", refusal.detail())
            : Problem.of(status(refusal.reason()), code(refusal.reason()), refusal.detail());
    problem.with("id", refusal.id()).with("current", refusal.current());
    if (refusal.reason() == Reason.DOCUMENT_MISSING && refusal.current() != null) {
      problem.with("deleted", true).with("rev", refusal.current());
    }
    return problem;
  }

  private static Problem refusals(List<Refusal> refusals) {
    Reason reason = refusals.get(0).reason();
    for (Refusal refusal : refusals) {
      if (refusal.reason() == Reason.CONFLICT) {
        reason = Reason.CONFLICT;
      }
    }
    JsonWriter all = new JsonWriter(160 * refusals.size()).startArray();
    for (Refusal refusal : refusals) {
      all.startObject();
      all.name("index").number(refusal.index());
      all.name("bucket").string(refusal.bucket());
      all.name("id").string(refusal.id());
      if (refusal.current() != null) {
        all.name("current").string(refusal.current().toString());
      }
      all.name("reason").string(code(refusal.reason()));
      all.name("detail").string(refusal.detail());
      all.endObject();
    }
    return Problem.of(
            status(reason),
            code(reason),
            refusals.size() + " of the edits were refused, so nothing was written")
        .withJson("conflicts", all.endArray().toByteArray());
  }

  private static int status(Reason reason) {
    return switch (reason) {
      case CONFLICT, TEST_FAILED -> 409;
      case DOCUMENT_MISSING, BUCKET_MISSING -> 404;
      case NOT_PROCESSABLE -> 422;
    };
  }

  private static String code(Reason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
