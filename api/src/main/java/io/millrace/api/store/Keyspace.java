package io.millrace.api.store;

/**
 * A named, ordered space of keys within a store. A handle of the store that made it; cheap to hold
 * and to make again.
 *
 * <p>Safe for use by many threads. After {@link Store#drop} a handle is dead: reading through it
 * finds nothing, writing through it is refused.
 */
public interface Keyspace {
  /** The name, 1 to 512 bytes of UTF-8. */
  String name();
}
