/** The history of a git repository, read with JGit, and told to a bucket commit by commit. */
@NullMarked
package io.millrace.cli.git;

import org.jspecify.annotations.NullMarked;
