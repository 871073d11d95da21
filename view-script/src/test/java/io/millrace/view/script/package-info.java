/** Tests of the sandbox. */
@NullMarked
package io.millrace.view.script;

import org.jspecify.annotations.NullMarked;
