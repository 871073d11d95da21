/**
 * Breaks rules on purpose, as if it were code of backend; no rule is checked against it but to
 * fail.
 */
@NullMarked
package io.millrace.backend.planted;

import org.jspecify.annotations.NullMarked;
