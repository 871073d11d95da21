/** One half of a cycle of packages, planted for the rule that forbids them. */
@NullMarked
package io.millrace.planted.left;

import org.jspecify.annotations.NullMarked;
