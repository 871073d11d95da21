/**
 * Breaks rules on purpose, as if it were code of api; no rule is checked against it but to fail.
 */
@NullMarked
package io.millrace.api.planted;

import org.jspecify.annotations.NullMarked;
