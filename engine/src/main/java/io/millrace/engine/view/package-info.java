/**
 * Queries and the views that answer them: which are defined, how their views are built, kept up to
 * date, rebuilt and read. Knows no view module by name.
 */
@NullMarked
package io.millrace.engine.view;

import org.jspecify.annotations.NullMarked;
