/** Tests of what the stores on flat engines share, on an engine in memory. */
@NullMarked
package io.millrace.backend.flat;

import org.jspecify.annotations.NullMarked;
