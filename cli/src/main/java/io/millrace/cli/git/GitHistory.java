package io.millrace.cli.git;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.NotFoundException;
import io.millrace.api.error.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jgit.errors.RepositoryNotFoundException;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevSort;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.treewalk.EmptyTreeIterator;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.eclipse.jgit.treewalk.filter.TreeFilter;

/**
 * The commits of a repository's main line, oldest first: a commit, its first parent, that one's
 * first parent and so on. So the states that follow each other are those that the line really had;
 * the commits of merged branches, which existed beside each other, are part of their merge.
 *
 * <p>Reads only. For one thread.
 */
final class GitHistory implements AutoCloseable {
  private final Repository repository;
  private final List<RevCommit> commits = new ArrayList<>();

  /**
   * A file that a commit changed.
   *
   * @param path with slashes
   * @param mode of the file now; {@link FileMode#MISSING} when it is gone
   */
  record FileChange(String path, FileMode mode, ObjectId content) {}

  /**
   * Opens a repository.
   *
   * @throws NotFoundException when there is none in {@code folder}, or no such {@code branch}
   */
  GitHistory(Path folder, String branch) {
    try {
      repository =
          new FileRepositoryBuilder().findGitDir(folder.toFile()).setMustExist(true).build();
    } catch (RepositoryNotFoundException | IllegalArgumentException e) {
      throw noRepository(folder);
    } catch (IOException e) {
      throw unreadable(e);
    }
    try (RevWalk walk = new RevWalk(repository)) {
      ObjectId start = repository.resolve(branch + "^{commit}");
      if (start == null) {
        repository.close();
        throw new NotFoundException(
            "no-such-branch", "there is no branch, tag or commit " + branch + " in " + folder);
      }
      walk.setFirstParent(true);
      walk.sort(RevSort.TOPO);
      walk.sort(RevSort.REVERSE, true);
      walk.markStart(walk.parseCommit(start));
      walk.forEach(commits::add);
    } catch (IOException e) {
      repository.close();
      throw unreadable(e);
    }
  }

  private static NotFoundException noRepository(Path folder) {
    return new NotFoundException("no-repository", "there is no git repository in " + folder);
  }

  private static UnavailableException unreadable(IOException e) {
    return new UnavailableException("unreadable-repository", "the repository cannot be read", e);
  }

  /** All of them, oldest first. */
  List<RevCommit> commits() {
    return List.copyOf(commits);
  }

  /** What a commit changed against its first parent. */
  List<FileChange> changes(RevCommit commit) {
    List<FileChange> changes = new ArrayList<>();
    try (TreeWalk walk = new TreeWalk(repository)) {
      if (commit.getParentCount() == 0) {
        walk.addTree(new EmptyTreeIterator());
      } else {
        walk.addTree(commit.getParent(0).getTree());
      }
      walk.addTree(commit.getTree());
      walk.setRecursive(true);
      walk.setFilter(TreeFilter.ANY_DIFF);
      while (walk.next()) {
        changes.add(new FileChange(walk.getPathString(), walk.getFileMode(1), walk.getObjectId(1)));
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    return changes;
  }

  /** How long a file is. */
  long size(FileChange change) {
    return loader(change).getSize();
  }

  /** What is in a file. */
  byte[] content(FileChange change) {
    return loader(change).getBytes();
  }

  private ObjectLoader loader(FileChange change) {
    try {
      return repository.open(change.content());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Where {@code sha} stands among the commits; -1 when it does not. */
  int indexOf(String sha) {
    if (!ObjectId.isId(sha)) {
      throw new InvalidRequestException("not-a-commit", sha + " is no name of a commit");
    }
    ObjectId wanted = ObjectId.fromString(sha);
    for (int i = commits.size() - 1; i >= 0; i--) {
      if (commits.get(i).equals(wanted)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void close() {
    repository.close();
  }
}
