/** The view kit tested with a view that is right and with views that are deliberately wrong. */
@NullMarked
package io.millrace.tck.view;

import org.jspecify.annotations.NullMarked;
