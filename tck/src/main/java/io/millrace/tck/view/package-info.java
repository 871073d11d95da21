/** The contract tests of views, and what stands in for a bucket in them. */
@NullMarked
package io.millrace.tck.view;

import org.jspecify.annotations.NullMarked;
