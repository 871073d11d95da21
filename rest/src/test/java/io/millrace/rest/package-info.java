/** Tests of what needs neither server nor database. */
@NullMarked
package io.millrace.rest;

import org.jspecify.annotations.NullMarked;
