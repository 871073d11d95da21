/** Tests of queries. */
@NullMarked
package io.millrace.view.query;

import org.jspecify.annotations.NullMarked;
