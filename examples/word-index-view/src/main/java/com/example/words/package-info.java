/**
 * A Millrace view of the type {@code words}: which documents have which words in one of their
 * members.
 *
 * <p>{@link WordsProvider} is all that the server sees; everything else is package-private. The
 * rows are kept by Millrace's own library of row indexes.
 */
@NullMarked
package com.example.words;

import org.jspecify.annotations.NullMarked;
