/**
 * Views: what is computed from the log. The contract that a view module fulfils, and what its
 * readers see.
 */
@NullMarked
package io.millrace.api.view;

import org.jspecify.annotations.NullMarked;
