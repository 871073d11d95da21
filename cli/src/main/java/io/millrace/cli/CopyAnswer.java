package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.CommonOptions;
import io.millrace.engine.maintenance.CopyReport;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What is said of a database that was restored or converted.
 *
 * @param how {@code restored} or {@code converted}
 */
record CopyAnswer(String how, Path from, Path to, CopyReport report) {
  String text() {
    String documents =
        report.documents() < 0
            ? ""
            : String.format(Locale.ROOT, ", %,d documents", report.documents());
    return String.format(
        Locale.ROOT,
        "%s %s to %s%n%,d records%s; database %s%nsha-256 of all records, the same in both: %s",
        how,
        from,
        to,
        report.sequence(),
        documents,
        report.uuid(),
        report.digest());
  }

  ObjectNode json() {
    ObjectNode json = CommonOptions.object();
    json.put("done", how);
    json.put("from", from.toString());
    json.put("to", to.toString());
    json.put("uuid", report.uuid().toString());
    json.put("incarnation", report.incarnation().toString());
    json.put("sequence", report.sequence());
    json.put("digest", report.digest());
    if (report.documents() >= 0) {
      json.put("documents", report.documents());
    }
    return json;
  }
}
