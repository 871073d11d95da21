package io.millrace.api.view;

/**
 * One row of a view. Keys and values are JSON texts in UTF-8, as they are sent out; the arrays
 * belong to the reader.
 *
 * @param documentId the document that made it
 * @param identified whether the document's id is shown as a member of its own; otherwise the key is
 *     the id
 * @param key compact JSON
 * @param value compact JSON
 * @param position where a later read can go on after this row; opaque, from the same view only
 */
@SuppressWarnings("ArrayRecordComponent")
public record Row(
    String documentId, boolean identified, byte[] key, byte[] value, byte[] position) {}
