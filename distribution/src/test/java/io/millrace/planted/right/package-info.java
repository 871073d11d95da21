/** The other half of a cycle of packages, planted for the rule that forbids them. */
@NullMarked
package io.millrace.planted.right;

import org.jspecify.annotations.NullMarked;
