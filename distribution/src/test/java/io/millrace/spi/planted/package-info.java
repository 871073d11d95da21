/**
 * Breaks rules on purpose, as if it were code of spi; no rule is checked against it but to fail.
 */
@NullMarked
package io.millrace.spi.planted;

import org.jspecify.annotations.NullMarked;
