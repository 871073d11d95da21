/** Tests of folds and groups. */
@NullMarked
package io.millrace.view.reduce;

import org.jspecify.annotations.NullMarked;
