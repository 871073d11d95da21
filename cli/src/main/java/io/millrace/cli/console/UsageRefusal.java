package io.millrace.cli.console;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What is said to a command line that makes no sense: one line, and where to read more. */
public final class UsageRefusal implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException refused, String[] arguments) {
    CommandLine command = refused.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("millrace: " + refused.getMessage());
    if (!UnmatchedArgumentException.printSuggestions(refused, err)) {
      err.println("'" + command.getCommandSpec().qualifiedName() + " --help' says what there is");
    }
    return ExitCodes.USAGE;
  }
}
