package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ProgressLine;
import io.millrace.cli.console.Surroundings;
import io.millrace.cli.folder.InstalledModules;
import io.millrace.engine.maintenance.Check;
import io.millrace.engine.maintenance.CheckReport;
import io.millrace.engine.maintenance.CheckReport.LogContent;
import io.millrace.engine.maintenance.CheckReport.Outcome;
import io.millrace.engine.maintenance.CheckReport.Span;
import io.millrace.engine.maintenance.Finding;
import io.millrace.engine.maintenance.IndexContent;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Reads everything that a database consists of, and says what is wrong. */
@Command(
    name = "check",
    description = {
      "Reads everything in a data folder that no server holds, and says what is damaged.",
      "Changes nothing in the log."
    },
    exitCodeList = {
      "0:clean",
      "1:it could not be checked",
      "2:the command line makes no sense",
      "3:repairable: nothing is lost; index or views have to be built again",
      "4:lost: records of the log are damaged or gone"
    })
final class CheckCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  @Parameters(paramLabel = "DIR", description = "The data folder.")
  private Path folder = Path.of("");

  CheckCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    Path data = surroundings.folder().resolve(folder);
    CheckReport report;
    try (ProgressLine progress = surroundings.progress()) {
      InstalledModules modules = InstalledModules.find(surroundings, options.settings());
      report = new Check(modules.workshop(progress), data).run();
    }
    if (options.json()) {
      surroundings.out().println(json(data, report));
    } else {
      print(data, report);
    }
    return report.outcome().exitCode();
  }

  private void print(Path data, CheckReport report) {
    PrintWriter out = surroundings.out();
    for (Finding finding : report.findings()) {
      out.println(word(finding.severity()) + ": " + finding.place() + ": " + finding.what());
    }
    if (report.omitted() > 0) {
      out.println("and " + report.omitted() + " findings more");
    }
    LogContent log = report.log();
    if (log != null) {
      out.printf(Locale.ROOT, "log: %,d records in %,d commits%n", log.records(), log.commits());
    }
    IndexContent index = report.index();
    if (index != null) {
      out.printf(
          Locale.ROOT,
          "index: %,d documents and %,d deleted ones in %,d buckets%n",
          index.documents(),
          index.deleted(),
          index.buckets());
    }
    if (!report.lost().isEmpty()) {
      out.println(
          "lost sequences: "
              + report.lost().stream().map(CheckCommand::words).collect(Collectors.joining(", ")));
    }
    if (!report.lostDocuments().isEmpty()) {
      out.println("lost changes of: " + String.join(", ", report.lostDocuments()));
    }
    out.println(data + ": " + verdict(report.outcome()));
  }

  private static String verdict(Outcome outcome) {
    return switch (outcome) {
      case CLEAN -> "clean";
      case REPAIRABLE -> "repairable; nothing is lost";
      case LOST -> "damaged; what is lost only a backup has";
    };
  }

  private static String words(Span span) {
    return span.first() == span.last()
        ? Long.toString(span.first())
        : span.first() + " to " + span.last();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static ObjectNode json(Path data, CheckReport report) {
    ObjectNode json = CommonOptions.object();
    json.put("folder", data.toString());
    json.put("outcome", word(report.outcome()));
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : report.findings()) {
      ObjectNode one = findings.addObject();
      one.put("severity", word(finding.severity()));
      one.put("place", finding.place());
      one.put("what", finding.what());
    }
    json.put("omitted", report.omitted());
    ArrayNode lost = json.putArray("lost");
    report.lost().forEach(s -> lost.addObject().put("first", s.first()).put("last", s.last()));
    ArrayNode documents = json.putArray("lost_documents");
    report.lostDocuments().forEach(documents::add);
    LogContent log = report.log();
    if (log != null) {
      ObjectNode content = json.putObject("log");
      content.put("last", log.last());
      content.put("records", log.records());
      content.put("commits", log.commits());
      content.put("digest", log.digest());
    }
    IndexContent index = report.index();
    if (index != null) {
      ObjectNode content = json.putObject("index");
      content.put("buckets", index.buckets());
      content.put("documents", index.documents());
      content.put("deleted", index.deleted());
      content.put("digest", index.digest());
    }
    return json;
  }
}
