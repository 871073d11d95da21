/** Tests of documents that are synced. */
@NullMarked
package io.millrace.sync;

import org.jspecify.annotations.NullMarked;
