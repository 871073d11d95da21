/** The memory log and store against their contracts. */
@NullMarked
package io.millrace.backend.memory;

import org.jspecify.annotations.NullMarked;
