package io.millrace.cli.git;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.DocumentId;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.client.Call;
import io.millrace.cli.client.Endpoint;
import io.millrace.cli.client.Json;
import io.millrace.cli.client.Lines;
import io.millrace.cli.client.RefusedException;
import io.millrace.engine.maintenance.ProgressListener;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.revwalk.RevCommit;

/**
 * Tells the history of a git repository to a bucket: each commit of the main line that changed a
 * text file becomes one commit with its author and message, and each text file a document whose id
 * is its path. An import that was broken off, or a repository that has grown, goes on where the
 * bucket's last commit stands.
 *
 * <p>For one import by one thread.
 */
public final class GitImport {
  private final Endpoint endpoint;
  private final String bucket;
  private final Path folder;
  private final String branch;
  private final int maxBytes;
  private final ProgressListener listener;

  /** The revisions of the files that are there, by their documents. */
  private final Map<String, String> revisions = new HashMap<>();

  private long commits;
  private long without;
  private long files;
  private long binary;
  private long tooLong;
  private long unnamed;
  private long sequence;

  /**
   * What an import did.
   *
   * @param commits how many it told
   * @param without how many more there were that changed no text file
   * @param files how many files those changed
   * @param binary how often a file was left out that is no text
   * @param tooLong how often a file was left out for its length
   * @param unnamed how often a file was left out whose path can be no id
   */
  public record Result(
      long commits,
      long without,
      long files,
      long binary,
      long tooLong,
      long unnamed,
      long sequence) {
    /** For people. */
    public String words(String bucket) {
      return String.format(
          Locale.ROOT,
          "imported %,d commits with %,d changed files into %s, sequence %d%n"
              + "left out: %,d commits without a text file; files: %,d not text, %,d too long, %,d"
              + " whose path can be no id",
          commits,
          files,
          bucket,
          sequence,
          without,
          binary,
          tooLong,
          unnamed);
    }

    /** For programs. */
    public String json() {
      ObjectNode json = Json.object();
      json.put("commits", commits).put("without_text", without).put("files", files);
      json.put("binary", binary).put("too_long", tooLong).put("unnamed", unnamed);
      return json.put("seq", sequence).toString();
    }
  }

  /**
   * @param branch whatever git can resolve to a commit
   * @param maxBytes files that are longer are left out
   */
  public GitImport(
      Endpoint endpoint,
      String bucket,
      Path folder,
      String branch,
      int maxBytes,
      ProgressListener listener) {
    this.endpoint = endpoint;
    this.bucket = bucket;
    this.folder = folder;
    this.branch = branch;
    this.maxBytes = maxBytes;
    this.listener = listener;
  }

  /**
   * Tells what the bucket does not have yet.
   *
   * @throws InvalidRequestException (code {@code bucket-not-empty}) when the bucket holds something
   *     else than an earlier import of the same line
   */
  public Result run() {
    try (GitHistory history = new GitHistory(folder, branch)) {
      List<RevCommit> line = history.commits();
      int begin = begin(history);
      for (int i = begin; i < line.size(); i++) {
        tell(history, line.get(i));
        listener.progress("importing", i + 1L - begin, line.size() - begin, "commits");
        if (Thread.currentThread().isInterrupted()) {
          throw new UnavailableException(
              "interrupted", "interrupted; the same command goes on where it stopped");
        }
      }
    }
    return new Result(commits, without, files, binary, tooLong, unnamed, sequence);
  }

  /** The index of the first commit that the bucket does not have. */
  private int begin(GitHistory history) {
    Optional<JsonNode> last = lastChange();
    if (last.isEmpty()) {
      return 0;
    }
    Optional<String> sha = GitMessage.commitOf(last.get().path("message").asText());
    int index = sha.isEmpty() ? -1 : history.indexOf(sha.get());
    if (index < 0) {
      throw new InvalidRequestException(
          "bucket-not-empty",
          sha.isEmpty()
              ? "the bucket "
                  + bucket
                  + " is not empty, and its last change was no import from git; take another one"
              : "the last change of the bucket "
                  + bucket
                  + " came from the commit "
                  + sha.get()
                  + ", which the main line of "
                  + branch
                  + " does not have; take another bucket");
    }
    sequence = last.get().path("seq").asLong();
    readRevisions();
    return index + 1;
  }

  private Optional<JsonNode> lastChange() {
    Call call = Call.get(bucket, "_activity").flag("reverse", true).with("limit", 1);
    try (Lines lines = endpoint.lines(call)) {
      return Optional.ofNullable(lines.next()).map(Json::tree);
    } catch (MillraceException e) {
      if (e.code().equals("bucket-missing")) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void readRevisions() {
    try (Lines lines = endpoint.lines(Call.get(bucket, "_documents").with("body", "false"))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        JsonNode document = Json.tree(line);
        revisions.put(document.path("id").asText(), document.path("rev").asText());
      }
    }
  }

  private void tell(GitHistory history, RevCommit commit) {
    ArrayNode edits = Json.mapper().createArrayNode();
    for (GitHistory.FileChange change : history.changes(commit)) {
      addEdit(edits, history, change);
    }
    if (edits.isEmpty()) {
      without++;
      return;
    }
    Attribution attribution = GitMessage.attribution(commit);
    Call call = Call.post(bucket, "_batch").json(edits.toString()).by(attribution);
    try {
      endpoint.send(call).tree().forEach(this::remember);
    } catch (MillraceException e) {
      throw e instanceof RefusedException refused && refused.status() == 413
          ? new InvalidRequestException(
              "commit-too-large",
              "the commit "
                  + commit.name()
                  + " is larger than the server takes at once; raise its"
                  + " millrace.http.max-request-size, or lower --max-size",
              e)
          : e;
    }
    commits++;
    files += edits.size();
  }

  private void remember(JsonNode written) {
    String id = written.path("id").asText();
    if (written.path("deleted").asBoolean()) {
      revisions.remove(id);
    } else {
      revisions.put(id, written.path("rev").asText());
    }
    sequence = Math.max(sequence, written.path("seq").asLong());
  }

  private void addEdit(ArrayNode edits, GitHistory history, GitHistory.FileChange change) {
    Optional<String> id = id(change.path());
    if (id.isEmpty()) {
      unnamed++;
      return;
    }
    String revision = revisions.get(id.get());
    Optional<ObjectNode> document = document(history, change);
    if (document.isPresent()) {
      ObjectNode edit = edits.addObject().put("type", "put").put("id", id.get());
      if (revision != null) {
        edit.put("rev", revision);
      }
      edit.set("value", document.get());
    } else if (revision != null) {
      edits.addObject().put("type", "del").put("id", id.get()).put("rev", revision);
    }
  }

  /** Empty when the file is gone, or is left out. */
  private Optional<ObjectNode> document(GitHistory history, GitHistory.FileChange change) {
    FileMode mode = change.mode();
    if (mode.equals(FileMode.MISSING) || mode.equals(FileMode.GITLINK)) {
      return Optional.empty();
    }
    if (history.size(change) > maxBytes) {
      tooLong++;
      return Optional.empty();
    }
    byte[] content = history.content(change);
    if (mode.equals(FileMode.SYMLINK)) {
      return Optional.of(TextFile.link(content));
    }
    Optional<ObjectNode> document =
        TextFile.document(content, mode.equals(FileMode.EXECUTABLE_FILE));
    binary += document.isEmpty() ? 1 : 0;
    return document;
  }

  /** The path, with {@code ./} before one that begins as ids must not; empty when that is no id. */
  private static Optional<String> id(String path) {
    String id = path.startsWith("_") ? "./" + path : path;
    return DocumentId.fault(id) == null ? Optional.of(id) : Optional.empty();
  }
}
