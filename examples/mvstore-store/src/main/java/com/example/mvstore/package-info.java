/**
 * A Millrace store in one file, on H2's MVStore: a copy-on-write tree in plain Java.
 *
 * <p>{@link MvstoreProvider} is all that the server sees; everything else is package-private.
 */
@NullMarked
package com.example.mvstore;

import org.jspecify.annotations.NullMarked;
