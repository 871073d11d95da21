/**
 * Modules that an operator put beside the server: found in a folder, each loaded apart from the
 * server and from the others, and refused by name when something is wrong with one.
 *
 * <p>Nothing here chooses a module, and nothing here knows the engine.
 */
@NullMarked
package io.millrace.engine.plugin;

import org.jspecify.annotations.NullMarked;
