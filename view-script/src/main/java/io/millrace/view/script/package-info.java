/**
 * What runs the JavaScript of definitions, for views to build on: a sandbox in which a function can
 * compute and do nothing else, the limits of what it may cost, and the threads that run it.
 *
 * <p>What a function is given and what becomes of its result is the business of the view: it brings
 * a {@link io.millrace.view.script.ScriptHarness harness} of its own. Nothing here knows documents,
 * rows or keys, and no type of the JavaScript engine leaves this package.
 */
@NullMarked
package io.millrace.view.script;

import org.jspecify.annotations.NullMarked;
