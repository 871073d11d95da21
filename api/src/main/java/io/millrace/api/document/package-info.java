/**
 * The values a database holds and exchanges: bodies, revisions, documents, changes, commits, and
 * the edits that make them. Nothing here reads or writes anything.
 */
@NullMarked
package io.millrace.api.document;

import org.jspecify.annotations.NullMarked;
