/**
 * What clients that work offline exchange with a bucket: its changes, and theirs, where the server
 * wins.
 */
@NullMarked
package io.millrace.api.sync;

import org.jspecify.annotations.NullMarked;
