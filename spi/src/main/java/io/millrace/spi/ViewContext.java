package io.millrace.spi;

import io.millrace.api.store.Keyspace;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.Documents;

/**
 * What a view is given when it is opened.
 *
 * @param reader the store's present state, for reading what earlier batches of the view wrote
 * @param keyspace the view's own space of keys; it writes nowhere else
 * @param documents those of its bucket, for its methods
 */
public record ViewContext(StoreReader reader, Keyspace keyspace, Documents documents) {}
