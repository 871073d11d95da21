/**
 * What a module implements to be found and opened: the providers of logs, stores, views and folds,
 * the settings that they declare, the context that they get, and the loader that finds them by
 * name.
 *
 * <p>Nothing here knows the engine, and nothing here names a module.
 */
@NullMarked
package io.millrace.spi;

import org.jspecify.annotations.NullMarked;
