/** The rules between modules, and the proof that each rule catches what breaks it. */
@NullMarked
package io.millrace.architecture;

import org.jspecify.annotations.NullMarked;
