/**
 * JSON texts and trees: written by hand where it is hot, read without losing the text of numbers,
 * and patched.
 *
 * <p>Pure: nothing here knows HTTP or the database.
 */
@NullMarked
package io.millrace.rest.json;

import org.jspecify.annotations.NullMarked;
