package io.millrace.spi;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreReader;

/**
 * What a view is given when it is opened.
 *
 * @param reader the store's present state, for reading what earlier batches of the view wrote
 * @param keyspace the view's own space of keys; it writes nowhere else
 */
public record ViewContext(StoreReader reader, Keyspace keyspace) {}
