package io.millrace.rest;

import io.millrace.api.Activity;
import io.millrace.api.document.Change;
import io.millrace.api.range.Cursor;
import io.millrace.api.range.SequenceRange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The changes from some sequence on, one page after the other; holds nothing in between. */
final class ActivityFeed implements LiveSource {
  private static final int PAGE_ENTRIES = 1000;

  private final Activity activity;
  private final ActivityRequest request;
  private final boolean bucket;
  private final Runnable existence;
  private long seen;
  private long left;

  /**
   * A feed that has not begun.
   *
   * @param bucket whether entries name their bucket
   * @param existence throws when there is nothing that could be followed
   */
  ActivityFeed(Activity activity, ActivityRequest request, boolean bucket, Runnable existence) {
    this.activity = activity;
    this.request = request;
    this.bucket = bucket;
    this.existence = existence;
    this.left = request.range().limit();
  }

  @Override
  public CompletionStage<Void> open() {
    seen = request.beginning(activity);
    existence.run();
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Next read(FeedPage page) {
    if (left == 0) {
      return Next.END;
    }
    long known = activity.sequence();
    SequenceRange range = SequenceRange.after(seen).limited(Math.min(left, PAGE_ENTRIES));
    long count = 0;
    try (Cursor<Change> changes = activity.read(range, request.filter())) {
      while (!page.isFull()) {
        if (!changes.advance()) {
          boolean exhausted = count < range.limit();
          if (exhausted) {
            seen = Math.max(seen, known);
          }
          return exhausted ? Next.WAIT : Next.READ;
        }
        write(changes.current(), page);
        count++;
        left--;
      }
    }
    return Next.READ;
  }

  private void write(Change change, FeedPage page) {
    seen = change.sequence();
    ChangeJson.write(page.begin(seen), change, bucket);
    page.end();
  }

  @Override
  public CompletionStage<Long> whenMore() {
    return activity.whenBeyond(seen);
  }

  @Override
  public void close() {
    // Nothing is held between pages.
  }
}
