/**
 * Breaks rules on purpose, as if it were code of cli; no rule is checked against it but to fail.
 */
@NullMarked
package io.millrace.cli.planted;

import org.jspecify.annotations.NullMarked;
