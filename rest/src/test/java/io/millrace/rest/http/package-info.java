/** Tests of what needs neither server nor database. */
@NullMarked
package io.millrace.rest.http;

import org.jspecify.annotations.NullMarked;
