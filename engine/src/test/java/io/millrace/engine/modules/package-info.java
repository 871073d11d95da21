/** View modules and stores of all kinds together. */
@NullMarked
package io.millrace.engine.modules;

import org.jspecify.annotations.NullMarked;
