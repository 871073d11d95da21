/** Tests of what needs neither server nor database. */
@NullMarked
package io.millrace.rest.json;

import org.jspecify.annotations.NullMarked;
