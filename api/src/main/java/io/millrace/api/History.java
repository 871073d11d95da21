package io.millrace.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.millrace.api.document.Blame;
import io.millrace.api.document.Commit;
import io.millrace.api.document.Difference;
import io.millrace.api.document.DocumentTree;
import io.millrace.api.document.Moment;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import java.util.Optional;
import java.util.Set;

/**
 * The past of a bucket. A bucket that was dropped still has one, and so has each of its earlier
 * lives. The changes of one document are {@link Bucket#activity()} with the filter {@link
 * ActivityFilter#of}; documents as they were are {@link Bucket#findAt} and {@link
 * Bucket#documents}.
 *
 * <p>Every moment is resolved as {@link Database#resolve} does, which throws what it throws.
 */
public interface History {
  /**
   * The commits that changed a document of the bucket, made it or dropped it. A commit is in {@code
   * range} when its last sequence is; the limit counts what passes the filter.
   */
  Cursor<Commit> commits(SequenceRange range, CommitFilter filter);

  /** The revision tree of a document as it is now; empty when there is no such document. */
  Optional<DocumentTree> tree(String id);

  /**
   * Who last changed each member of a document, following its ancestors from the winner at {@code
   * moment} back as far as needed. A tombstone has no members.
   *
   * @return empty when there was no such document
   */
  Optional<Blame> blame(String id, Moment moment);

  /**
   * The JSON Patch (RFC 6902) that turns the body at one moment into the body at the other. A
   * document that is not there at {@code from} is added as a whole (path {@code ""}); one that is
   * not there at {@code to} is removed so. The order of members alone makes no difference; the text
   * of numbers does.
   *
   * @throws io.millrace.api.error.NotFoundException when the document has no such revision (code
   *     {@code unknown-target}), or is there at neither moment (code {@code document-missing})
   */
  ArrayNode patch(String id, Moment from, Moment to);

  /**
   * The documents whose live state differs between two moments, in the byte order of their ids.
   * {@code from} may be later than {@code to}. Sequence 0, before everything, is a moment here.
   *
   * @param kinds which differences are wanted
   * @param bodies whether documents come with their bodies, and updates with patches
   */
  Cursor<Difference> differences(
      Moment from, Moment to, Set<Difference.Kind> kinds, boolean bodies);
}
