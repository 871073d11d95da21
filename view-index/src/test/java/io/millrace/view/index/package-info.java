/** Tests of the row index. */
@NullMarked
package io.millrace.view.index;

import org.jspecify.annotations.NullMarked;
