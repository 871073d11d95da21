package io.millrace.rest;

import io.millrace.api.Database;
import io.millrace.api.document.Base;
import io.millrace.api.document.Edit;
import io.millrace.api.document.JsonText;
import io.millrace.api.error.MillraceException;
import io.millrace.rest.http.Problem;
import io.millrace.rest.http.Problems;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parsed lines of one chunk of an import.
 *
 * <p>A commit changes a document once. A line without {@code rev} whose document an earlier line of
 * the chunk writes could only conflict with it, and is counted so; one with {@code rev} begins
 * another commit.
 *
 * @param commits the edits, to be committed one list after the other
 * @param conflicts lines that conflict with earlier ones
 * @param fault why the import has to stop behind these lines; null when it has not
 */
record ImportChunk(List<List<Edit>> commits, long conflicts, @Nullable Problem fault) {
  /** Parses a chunk, up to the first line that is no document. */
  static ImportChunk parse(
      LineChunks.Chunk chunk, Database database, String bucket, Bodies bodies, Problems problems) {
    List<List<Edit>> commits = new ArrayList<>();
    List<Edit> edits = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    long conflicts = 0;
    long line = chunk.firstLine() - 1;
    Problem fault = chunk.tooLong() ? tooLong(chunk.firstLine(), bodies) : null;
    byte[] lines = chunk.lines();
    for (int start = 0; start < lines.length && fault == null; ) {
      int end = endOfLine(lines, start);
      line++;
      if (!isBlank(lines, start, end)) {
        try {
          byte[] text = Arrays.copyOfRange(lines, start, end);
          Edit.Put edit = Edits.posted(database, bucket, JsonText.parse(text).document(), bodies);
          if (ids.add(edit.id())) {
            edits.add(edit);
          } else if (edit.base() == Base.absent()) {
            conflicts++;
          } else {
            commits.add(edits);
            edits = new ArrayList<>(List.of(edit));
            ids.clear();
            ids.add(edit.id());
          }
        } catch (MillraceException refused) {
          fault = problems.of(refused).with("line", line);
        }
      }
      start = end + 1;
    }
    if (!edits.isEmpty()) {
      commits.add(edits);
    }
    return new ImportChunk(commits, conflicts, fault);
  }

  private static Problem tooLong(long line, Bodies bodies) {
    return Problem.of(
            413,
            "document-too-large",
            "a document may have " + bodies.maxDocumentBytes() + " bytes at most")
        .with("line", line);
  }

  private static int endOfLine(byte[] lines, int start) {
    int end = start;
    while (end < lines.length && lines[end] != '\n') {
      end++;
    }
    return end;
  }

  private static boolean isBlank(byte[] lines, int start, int end) {
    for (int i = start; i < end; i++) {
      if (lines[i] != ' ' && lines[i] != '\t' && lines[i] != '\r') {
        return false;
      }
    }
    return true;
  }
}
