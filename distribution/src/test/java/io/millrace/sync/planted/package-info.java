/**
 * Breaks rules on purpose, as if it were code of sync; no rule is checked against it but to fail.
 */
@NullMarked
package io.millrace.sync.planted;

import org.jspecify.annotations.NullMarked;
