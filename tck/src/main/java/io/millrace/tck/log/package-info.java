/**
 * The contract of a log as tests: a module extends {@link io.millrace.tck.log.LogTck} and supplies
 * a {@link io.millrace.tck.log.LogFixture}. Nothing here knows how any log works inside.
 */
@NullMarked
package io.millrace.tck.log;

import org.jspecify.annotations.NullMarked;
