/** Tests of the JavaScript views. */
@NullMarked
package io.millrace.view.js;

import org.jspecify.annotations.NullMarked;
