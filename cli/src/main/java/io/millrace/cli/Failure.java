package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.MillraceException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What is said when a command fails: one paragraph without a stack trace, or JSON. */
final class Failure implements IExecutionExceptionHandler {
  private static final String DEFECT = "internal";

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult whole) {
    String code = failure instanceof MillraceException known ? known.code() : DEFECT;
    PrintWriter err = command.getErr();
    ParseResult options = command.getParseResult();
    err.println("millrace: " + paragraph(failure) + " [" + code + "]");
    if (options.matchedOptionValue("--debug", false)) {
      failure.printStackTrace(err);
    } else if (code.equals(DEFECT)) {
      err.println("This is a defect of Millrace; --debug shows where it happened.");
    }
    if (options.matchedOptionValue("--json", false)) {
      ObjectNode error = CommonOptions.object();
      error.put("error", code);
      error.put("message", paragraph(failure));
      command.getOut().println(error);
    }
    return ExitCodes.FAILED;
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
