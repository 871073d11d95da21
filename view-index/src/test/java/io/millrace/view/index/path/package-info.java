/** Tests of the views of type {@code index}. */
@NullMarked
package io.millrace.view.index.path;

import org.jspecify.annotations.NullMarked;
