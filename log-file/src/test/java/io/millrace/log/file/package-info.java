/** Tests of the segmented log, and the disks that fail for them. */
@NullMarked
package io.millrace.log.file;

import org.jspecify.annotations.NullMarked;
