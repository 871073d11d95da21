/** Tests of what views are read through, without a database. */
@org.jspecify.annotations.NullMarked
package io.millrace.engine.view;
