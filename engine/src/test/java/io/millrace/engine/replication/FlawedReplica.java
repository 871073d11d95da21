package io.millrace.engine.replication;

import io.millrace.api.log.Incarnation;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A replica with one {@link Flaw}, or none. */
final class FlawedReplica implements Replica {
  private final Replica inner;
  private final Flaw flaw;
  private final Loop loop;

  FlawedReplica(Replica inner, Flaw flaw, Loop loop) {
    this.inner = inner;
    this.flaw = flaw;
    this.loop = loop;
  }

  @Override
  public UUID database() {
    return inner.database();
  }

  @Override
  public Incarnation incarnation() {
    return inner.incarnation();
  }

  @Override
  public long since() {
    return inner.since();
  }

  @Override
  public CompletionStage<Long> whenAtLeast(long sequence) {
    return inner.whenAtLeast(sequence);
  }

  @Override
  public CompletionStage<Boolean> recognises(Anchor anchor) {
    CompletionStage<Boolean> known = inner.recognises(anchor);
    return flaw == Flaw.IGNORES_ANCHORS ? known.thenApply(honest -> true) : known;
  }

  @Override
  public CompletionStage<Changes> changes(long after, Selection selection, int limit) {
    CompletionStage<Changes> changes = inner.changes(after, selection, limit);
    return switch (flaw) {
      case DROPS_A_LEAF -> changes.thenApply(FlawedReplica::withoutLastLeaves);
      case TELLS_TOO_FAR ->
          changes.thenApply(
              told ->
                  new Changes(
                      told.documents(),
                      told.to() < inner.since() ? told.to() + 1 : told.to(),
                      told.anchor(),
                      told.timeMillis()));
      default -> changes;
    };
  }

  private static Changes withoutLastLeaves(Changes told) {
    List<OfferedDocument> documents =
        told.documents().stream()
            .map(
                each ->
                    new OfferedDocument(
                        each.bucket(),
                        each.id(),
                        each.revisions().subList(0, Math.max(1, each.revisions().size() - 1))))
            .toList();
    return new Changes(documents, told.to(), told.anchor(), told.timeMillis());
  }

  @Override
  public CompletionStage<List<Wanted>> missing(
      List<OfferedDocument> documents, Selection selection) {
    return inner.missing(documents, selection);
  }

  @Override
  public CompletionStage<Answer> read(List<Wanted> wanted, Selection selection, long maxBytes) {
    CompletionStage<Answer> answer = inner.read(wanted, selection, maxBytes);
    return switch (flaw) {
      case SENDS_NO_TOMBSTONES ->
          answer.thenApply(
              read ->
                  new Answer(
                      read.sent().stream().filter(each -> !each.deleted()).toList(),
                      read.answered()));
      case SENDS_NO_ANCESTRY ->
          answer.thenApply(
              read ->
                  new Answer(
                      read.sent().stream().map(FlawedReplica::withoutAncestry).toList(),
                      read.answered()));
      default -> answer;
    };
  }

  private static Sent withoutAncestry(Sent sent) {
    return new Sent(
        sent.sequence(),
        sent.bucket(),
        sent.id(),
        List.of(sent.revision()),
        sent.deleted(),
        sent.body(),
        sent.attribution());
  }

  @Override
  public CompletionStage<Void> insert(List<Sent> revisions) {
    if (flaw == Flaw.ANSWERS_BEFORE_IT_INSERTS) {
      loop.after(Duration.ofMillis(50), () -> inner.insert(revisions));
      return CompletableFuture.completedFuture(null);
    }
    return inner.insert(revisions);
  }

  @Override
  public @Nullable PullCheckpoint checkpoint(UUID source, Selection selection) {
    return inner.checkpoint(source, selection);
  }

  @Override
  public CompletionStage<Void> saveCheckpoint(
      UUID source, Selection selection, PullCheckpoint checkpoint) {
    return inner.saveCheckpoint(source, selection, checkpoint);
  }
}
