package io.millrace.cli.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** All commands on documents. */
public final class CommandTree {
  private CommandTree() {}

  /** What makes each of them, by name, in the order in which they are listed. */
  public static Map<String, Supplier<Object>> of(Client client) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("get", () -> new GetCommand(client));
    commands.put("put", () -> new PutCommand(client));
    commands.put("del", () -> new DelCommand(client));
    commands.put("patch", () -> new PatchCommand(client));
    commands.put("ls", () -> new LsCommand(client));
    commands.put("buckets", () -> new BucketsCommand(client));
    commands.put("at", () -> new AtCommand(client));
    commands.put("log", () -> new LogCommand(client));
    commands.put("history", () -> new HistoryCommand(client));
    commands.put("diff", () -> new DiffCommand(client));
    commands.put("blame", () -> new BlameCommand(client));
    commands.put("rollback", () -> new RollbackCommand(client));
    commands.put("verify", () -> new VerifyCommand(client));
    commands.put("tail", () -> new TailCommand(client));
    commands.put("query", () -> new QueryCommand(client));
    commands.put("find", () -> new FindCommand(client));
    commands.put("import", () -> new ImportCommand(client));
    commands.put("export", () -> new ExportCommand(client));
    commands.put("bench", () -> new BenchCommand(client));
    commands.put("peers", () -> PeersCommand.with(client));
    commands.put("info", () -> new InfoCommand(client));
    return commands;
  }
}
