package io.millrace.cli.command;

import picocli.CommandLine;

/** All commands on documents. */
public final class CommandTree {
  private CommandTree() {}

  /** Adds them to {@code root}. */
  public static CommandLine addTo(CommandLine root, Client client) {
    return root.addSubcommand(new GetCommand(client))
        .addSubcommand(new PutCommand(client))
        .addSubcommand(new DelCommand(client))
        .addSubcommand(new PatchCommand(client))
        .addSubcommand(new LsCommand(client))
        .addSubcommand(new BucketsCommand(client))
        .addSubcommand(new AtCommand(client))
        .addSubcommand(new LogCommand(client))
        .addSubcommand(new HistoryCommand(client))
        .addSubcommand(new DiffCommand(client))
        .addSubcommand(new BlameCommand(client))
        .addSubcommand(new RollbackCommand(client))
        .addSubcommand(new TailCommand(client))
        .addSubcommand(new QueryCommand(client))
        .addSubcommand(new FindCommand(client))
        .addSubcommand(new ImportCommand(client))
        .addSubcommand(new ExportCommand(client))
        .addSubcommand(new BenchCommand(client))
        .addSubcommand(PeersCommand.with(client))
        .addSubcommand(new InfoCommand(client));
  }
}
