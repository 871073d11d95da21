package io.millrace.cli;

import io.millrace.cli.console.HelpOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command that all others belong to; does nothing by itself. */
@Command(
    name = "millrace",
    description = "Commands on a database. The launcher runs the server itself.",
    synopsisSubcommandLabel = "COMMAND")
final class MillraceCommand {
  @Mixin private final HelpOption help = new HelpOption();
}
