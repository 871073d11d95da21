/** Tests of filters. */
@NullMarked
package io.millrace.view.index.filter;

import org.jspecify.annotations.NullMarked;
