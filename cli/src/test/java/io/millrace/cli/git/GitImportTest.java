package io.millrace.cli.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.ActivityFilter;
import io.millrace.api.Bucket;
import io.millrace.api.Database;
import io.millrace.api.document.Attribution;
import io.millrace.api.document.Base;
import io.millrace.api.document.Body;
import io.millrace.api.document.Change;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import io.millrace.cli.offline.FolderEndpoint;
import io.millrace.engine.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.MergeCommand;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.revwalk.RevCommit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitImportTest {
  private static final PersonIdent ZOE =
      new PersonIdent(
          "Zoë", "zoe@example.org", Instant.parse("2020-02-03T04:05:06Z"), ZoneId.of("+01:00"));

  @TempDir Path folder;
  private Path files;
  private Git git;
  private Database database;
  private Bucket bucket;

  @BeforeEach
  void makeRepository() throws GitAPIException {
    files = folder.resolve("repository");
    git = Git.init().setDirectory(files.toFile()).setInitialBranch("main").call();
    database =
        Millrace.in(folder.resolve("data")).log("file", Map.of()).store("memory", Map.of()).open();
    bucket = database.bucket("src");
  }

  @AfterEach
  void close() {
    database.close();
    git.close();
  }

  private RevCommit commit(String message) throws GitAPIException {
    git.add().addFilepattern(".").call();
    git.add().setUpdate(true).addFilepattern(".").call();
    return git.commit().setMessage(message).setAuthor(ZOE).setCommitter(ZOE).setSign(false).call();
  }

  private void write(String path, String text) throws IOException {
    Files.createDirectories(files.resolve(path).getParent());
    Files.writeString(files.resolve(path), text);
  }

  private GitImport.Result run(int maxBytes) {
    FolderEndpoint endpoint = new FolderEndpoint(database, folder);
    return new GitImport(endpoint, "src", files, "HEAD", maxBytes, (step, done, total, unit) -> {})
        .run();
  }

  private String body(String id) {
    return bucket.get(id).orElseThrow().body().toString();
  }

  @Test
  void everyCommitBecomesOne() throws Exception {
    write("a/one.txt", "first\nsecond\n");
    write("_two.txt", "no end");
    RevCommit first = commit("Begin\n\nfor a reason");
    write("a/one.txt", "first\nother\n");
    Files.delete(files.resolve("_two.txt"));
    commit("Change");
    GitImport.Result result = run(1_000);
    assertThat(result.commits()).isEqualTo(2);
    assertThat(result.files()).isEqualTo(4);
    assertThat(body("a/one.txt")).isEqualTo("{\"lines\":[\"first\",\"other\",\"\"]}");
    assertThat(bucket.get("./_two.txt")).isEmpty();
    assertThat(bucket.findAt("./_two.txt", 2).orElseThrow().body())
        .hasToString("{\"lines\":[\"no end\"]}");
    try (Cursor<Change> changes =
        bucket.activity().read(SequenceRange.all().limited(1), ActivityFilter.none())) {
      assertThat(changes.advance()).isTrue();
      Attribution who = changes.current().commit().attribution();
      assertThat(who.author()).isEqualTo("Zoë <zoe@example.org>");
      assertThat(who.message())
          .isEqualTo(
              "Begin\n\nfor a reason\n\nGit-Commit: "
                  + first.name()
                  + "\nGit-Date: 2020-02-03T05:05:06+01:00");
      assertThat(changes.current().commit().changes()).isEqualTo(2);
    }
  }

  @Test
  void whatIsNoTextIsLeftOutAndCounted() throws Exception {
    write("text", "was text");
    write("zero", "a\0b");
    Files.write(files.resolve("latin1"), new byte[] {'a', (byte) 0xe9});
    write("long", "x".repeat(1_001));
    commit("mixed");
    write("text", "now\0not");
    commit("binary now");
    Files.createSymbolicLink(files.resolve("link"), Path.of("text"));
    files.resolve("long").toFile().setExecutable(true);
    write("long", "short");
    commit("a link");
    GitImport.Result result = run(1_000);
    assertThat(result.binary()).isEqualTo(3);
    assertThat(result.tooLong()).isEqualTo(1);
    assertThat(bucket.get("text")).isEmpty();
    assertThat(body("link")).isEqualTo("{\"link\":\"text\"}");
    assertThat(body("long")).isEqualTo("{\"executable\":true,\"lines\":[\"short\"]}");
  }

  @Test
  void mergedBranchIsPartOfItsMerge() throws Exception {
    write("a", "1");
    commit("begin");
    git.checkout().setCreateBranch(true).setName("side").call();
    write("b", "1");
    RevCommit side = commit("on the side");
    write("b", "2");
    side = commit("on the side, too");
    git.checkout().setName("main").call();
    write("a", "2");
    commit("on the main line");
    git.merge()
        .include(side)
        .setFastForward(MergeCommand.FastForwardMode.NO_FF)
        .setCommit(true)
        .call();
    assertThat(run(1_000).commits()).isEqualTo(3);
    assertThat(body("a")).isEqualTo("{\"lines\":[\"2\"]}");
    assertThat(body("b")).isEqualTo("{\"lines\":[\"2\"]}");
    assertThat(bucket.find("b").orElseThrow().revision().generation()).isEqualTo(1);
  }

  @Test
  void goesOnWhereItStopped() throws Exception {
    write("a", "1");
    commit("one");
    assertThat(run(1_000).commits()).isEqualTo(1);
    assertThat(run(1_000).commits()).isZero();
    write("a", "2");
    commit("two");
    assertThat(run(1_000).commits()).isEqualTo(1);
    assertThat(body("a")).isEqualTo("{\"lines\":[\"2\"]}");
  }

  @Test
  void bucketWithSomethingElseIsRefused() throws Exception {
    write("a", "1");
    commit("one");
    bucket.put("other", Base.absent(), Body.EMPTY, Attribution.none()).toCompletableFuture().join();
    assertThatThrownBy(() -> run(1_000))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("src is not empty");
  }

  @Test
  void folderWithoutARepositoryIsNamed() {
    files = folder.resolve("data");
    assertThatThrownBy(() -> run(1_000))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("no git repository in " + files);
  }
}
