/** Tests of reductions. */
@NullMarked
package io.millrace.view.index.reduce;

import org.jspecify.annotations.NullMarked;
