package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.MillraceException;
import io.millrace.cli.client.RefusedException;
import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import java.io.PrintWriter;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What is said when a command fails: one paragraph without a stack trace, or JSON. */
final class Failure implements IExecutionExceptionHandler {
  private static final String DEFECT = "internal";

  /** What fails in these is 1, whatever it is, as their help says. */
  private static final Set<String> MAINTENANCE =
      Set.of("check", "backup", "restore", "convert", "version");

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult whole)
      throws Exception {
    if (failure instanceof ParameterException senseless) {
      throw senseless;
    }
    String code = failure instanceof MillraceException known ? known.code() : DEFECT;
    PrintWriter err = command.getErr();
    ParseResult options = command.getParseResult();
    err.println("millrace: " + paragraph(failure) + " [" + code + "]");
    if (options.matchedOptionValue("--debug", false)) {
      failure.printStackTrace(err);
    } else if (!(failure instanceof MillraceException)) {
      err.println("This is a defect of Millrace; --debug shows where it happened.");
    }
    if (options.matchedOptionValue("--json", false)) {
      command.getOut().println(json(failure, code));
    }
    return MAINTENANCE.contains(command.getCommandName())
        ? ExitCodes.FAILED
        : ExitCodes.of(failure);
  }

  /** A server's own words where there are some. */
  private static Object json(Exception failure, String code) {
    if (failure instanceof RefusedException refused) {
      return refused.problem();
    }
    ObjectNode error = CommonOptions.object();
    error.put("error", code);
    error.put("message", paragraph(failure));
    return error;
  }

  private static String paragraph(Throwable failure) {
    if (!(failure instanceof MillraceException)) {
      return failure.toString();
    }
    StringBuilder text = new StringBuilder(failure.getMessage());
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String message = cause.getMessage();
      if (message != null && text.indexOf(message) < 0) {
        text.append(" (").append(message).append(')');
      }
    }
    return text.toString();
  }
}
