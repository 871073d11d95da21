package io.millrace.engine.view;

import io.millrace.api.view.ViewInput;
import io.millrace.engine.index.BucketState;
import java.util.function.BooleanSupplier;

/** The documents of a bucket, or its changes, from the log. */
final class LogFeed implements Feed {
  private final Portions portions;
  private final BucketState bucket;
  private final BooleanSupplier shared;

  /**
   * @param shared whether other builds follow the bucket, too
   */
  LogFeed(Portions portions, BucketState bucket, BooleanSupplier shared) {
    this.portions = portions;
    this.bucket = bucket;
    this.shared = shared;
  }

  @Override
  public Portion next(ViewInput input, ViewCheckpoint from, int most) throws InterruptedException {
    return portions.after(from.position(), input, bucket, shared.getAsBoolean()).head(most);
  }

  @Override
  public boolean complete(long sequence, ViewCheckpoint from) {
    return true;
  }

  @Override
  public boolean moreBehind(long sequence) {
    return bucket.lastSequence() > sequence;
  }

  @Override
  public void urge(long sequence) {
    // The log is there already.
  }
}
