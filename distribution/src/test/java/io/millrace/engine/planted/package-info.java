/**
 * Breaks rules on purpose, as if it were code of engine; no rule is checked against it but to fail.
 */
@NullMarked
package io.millrace.engine.planted;

import org.jspecify.annotations.NullMarked;
