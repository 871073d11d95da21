/**
 * What the contract tests of all kinds share: seeds, temporary folders, and the check that a test
 * leaves nothing behind. Nothing here knows a contract.
 */
@NullMarked
package io.millrace.tck;

import org.jspecify.annotations.NullMarked;
