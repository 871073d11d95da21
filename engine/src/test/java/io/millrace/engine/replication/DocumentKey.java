package io.millrace.engine.replication;

/** A document of a simulated database. */
record DocumentKey(String bucket, String id) implements Comparable<DocumentKey> {
  @Override
  public int compareTo(DocumentKey other) {
    int order = bucket.compareTo(other.bucket);
    return order == 0 ? id.compareTo(other.id) : order;
  }

  @Override
  public String toString() {
    return bucket + "/" + id;
  }
}
