package io.millrace.engine.replication;

import io.millrace.api.document.Attribution;
import io.millrace.api.document.BucketName;
import io.millrace.api.document.DocumentId;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.Revision;
import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.engine.revision.RevisionDigest;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks what a peer sent, as if it were a stranger. For one thread. */
final class RevisionCheck {
  private final RevisionDigest digest = new RevisionDigest();
  private final int maxBodyBytes;

  /**
   * @param maxBodyBytes the most bytes of one body
   */
  RevisionCheck(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /**
   * Makes sure that {@code sent} can be inserted, and is what its name says as far as its parent is
   * known.
   *
   * @throws CorruptionException when it cannot or is not
   * @throws InvalidRequestException (code {@code too-large}) when its body is longer than is
   *     accepted here
   */
  void require(Sent sent) {
    String place = "revision " + sent.revision() + " of a peer, there at " + sent.sequence();
    try {
      BucketName.require(sent.bucket());
      requireId(place, sent.id());
      Attribution.require(sent.attribution());
    } catch (InvalidRequestException e) {
      throw new CorruptionException(place, String.valueOf(e.getMessage()), e);
    }
    requirePath(place, sent.path());
    byte[] body = sent.body().json();
    Revision parent = sent.path().size() > 1 ? sent.path().get(1) : null;
    boolean known = parent != null || sent.revision().generation() == 1;
    if (known && !digest.next(parent, sent.deleted(), body).equals(sent.revision())) {
      throw new CorruptionException(place, "its parent and its body give another name");
    }
    if (body.length > maxBodyBytes) {
      throw new InvalidRequestException(
          "too-large",
          "the document "
              + sent.id()
              + " of "
              + sent.bucket()
              + " has a body of "
              + body.length
              + " bytes at a peer; at most "
              + maxBodyBytes
              + " are accepted here");
    }
    requireBody(place, body);
  }

  /** The ids of what the database keeps for itself are those of others after a {@code _}. */
  private static void requireId(String place, String id) {
    String fault = DocumentId.fault(id.startsWith("_") ? id.substring(1) : id);
    if (fault != null) {
      throw new CorruptionException(place, "its document's id " + fault);
    }
  }

  private static void requirePath(String place, List<Revision> path) {
    for (int i = 1; i < path.size(); i++) {
      if (path.get(i).generation() != path.get(i - 1).generation() - 1) {
        throw new CorruptionException(place, "its ancestors do not follow one another");
      }
    }
  }

  private static void requireBody(String place, byte[] body) {
    byte @Nullable [] compact;
    try {
      compact = JsonText.parseBody(body).json();
    } catch (InvalidRequestException e) {
      throw new CorruptionException(place, "its body is none: " + e.getMessage(), e);
    }
    if (!Arrays.equals(compact, body)) {
      throw new CorruptionException(place, "its body is not compact");
    }
  }
}
