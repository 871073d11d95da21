/** Tests of imports from git. */
@NullMarked
package io.millrace.cli.git;

import org.jspecify.annotations.NullMarked;
