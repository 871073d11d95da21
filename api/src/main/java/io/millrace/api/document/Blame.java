package io.millrace.api.document;

import java.util.List;

/**
 * Who last changed what of a document.
 *
 * @param document the state that is looked at
 * @param members its own members in their order
 */
public record Blame(Document document, List<Member> members) {
  /**
   * A top-level member.
   *
   * @param revision the one that gave it the value that it has
   * @param sequence the change that made that revision
   * @param commit what that change was appended with
   * @param forgotten whether an earlier revision may have given it that value already, whose body
   *     was forgotten
   */
  public record Member(
      String name, Revision revision, long sequence, Commit commit, boolean forgotten) {
    /** A member of which it is known. */
    public Member(String name, Revision revision, long sequence, Commit commit) {
      this(name, revision, sequence, commit, false);
    }
  }
}
