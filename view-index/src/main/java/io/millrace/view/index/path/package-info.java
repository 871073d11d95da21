/**
 * Views of the type {@code index}: ordered rows by paths into the documents of a bucket.
 *
 * <p>Here live the definition and the methods. How paths are followed and rows are kept is the
 * business of {@link io.millrace.view.index}.
 */
@NullMarked
package io.millrace.view.index.path;

import org.jspecify.annotations.NullMarked;
