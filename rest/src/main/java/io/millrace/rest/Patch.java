package io.millrace.rest;

import io.millrace.api.document.Edit;
import io.millrace.api.document.JsonText;
import io.millrace.api.document.Revision;
import io.millrace.rest.http.MediaTypes;
import io.millrace.rest.http.Problem;
import io.millrace.rest.json.MergePatch;
import io.millrace.rest.json.OperationsPatch;
import org.jspecify.annotations.Nullable;

/**
 * A patch as it was sent.
 *
 * @param transformation what it does to a document's own members
 * @param revision the base that it names in its member {@code rev}; null when it names none
 */
record Patch(Edit.Transformation transformation, @Nullable Revision revision) {
  /**
   * Reads a patch.
   *
   * @param type one of the two patch types of {@link MediaTypes}
   * @param id of the document in the address
   * @param maxBytes the longest result that is accepted
   */
  static Patch read(JsonText text, String type, String id, int maxBytes) {
    if (type.equals(MediaTypes.JSON_PATCH)) {
      return new Patch(new OperationsPatch(text, maxBytes), null);
    }
    JsonText.WrittenDocument document = text.document();
    if (document.id() != null && !document.id().equals(id)) {
      throw Problem.of(422, "contradicting-ids", "the patch has another id than the address")
          .with("id", document.id())
          .exception();
    }
    return new Patch(new MergePatch(document.body(), maxBytes), document.revision());
  }
}
