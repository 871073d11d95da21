package io.millrace.engine.replication;

import io.millrace.api.document.Revision;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnknownOutcomeException;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.OfferedDocument.Offered;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Takes over one session what the other side has and this database has not: asks what changed,
 * looks what of it is missing, asks for that, inserts it, and only then notes how far it has come.
 * While one portion is worked on, the next is asked for.
 *
 * <p>Of the loop.
 */
final class Pull {
  /** Portions that are worked on, so that one is compared while another one is inserted. */
  private static final int PORTIONS_AT_ONCE = 2;

  /** Offers that wait meanwhile. */
  private static final int OFFERS_AHEAD = 1;

  private static final int INSERT_TRIES = 8;

  /** Of revisions in one request, about: a document with many conflicts has many known leaves. */
  private static final int MAX_NAMES = 50_000;

  private final Loop loop;
  private final ReplicationOptions options;
  private final Replica replica;
  private final Claims claims;
  private final Session session;
  private final Identity source;
  private final Selection selection;
  private final Listener listener;
  private final Deque<Replica.Changes> offers = new ArrayDeque<>();

  /** What is worked on, in the order of the source. */
  private final Deque<Portion> portions = new ArrayDeque<>();

  /** Requests for revisions that are not answered, or whose answer is not inserted yet. */
  private int fetches;

  private boolean asking;
  private boolean stopped;
  private long nextAfter;
  private long since;
  private Anchor expected = Anchor.START;

  /** Hears how far it is. Called on the loop. */
  interface Listener {
    /**
     * Everything up to {@code reached} is here.
     *
     * @param since the last sequence of the source, as far as known
     * @param timeMillis when what is at {@code reached} was written there
     */
    void advanced(long reached, long since, long timeMillis);

    /** Something went wrong that is tried again. */
    void failed(String what);
  }

  /** One offer that is worked on. */
  private final class Portion {
    private final Replica.Changes changes;
    private final Map<Long, OfferedDocument> documents = new HashMap<>();
    private final Deque<Wanted> wanted = new ArrayDeque<>();
    private final List<OfferedDocument> contested = new ArrayList<>();
    private final Set<Claims.Claim> claimed = new HashSet<>();
    private int underWay;

    /** Whether everything of it is here; it is finished when all before it are. */
    private boolean complete;

    /** Whether nothing that comes for it is of interest any more. */
    private boolean ended;

    Portion(Replica.Changes changes) {
      this.changes = changes;
    }
  }

  Pull(
      Loop loop,
      ReplicationOptions options,
      Replica replica,
      Claims claims,
      Session session,
      Identity source,
      Selection selection,
      Listener listener) {
    this.loop = loop;
    this.options = options;
    this.replica = replica;
    this.claims = claims;
    this.session = session;
    this.source = source;
    this.selection = selection;
    this.listener = listener;
  }

  /** Begins where this database was the last time. */
  void start() {
    PullCheckpoint checkpoint = replica.checkpoint(source.database(), selection);
    if (checkpoint != null && checkpoint.incarnation().equals(source.incarnation())) {
      nextAfter = checkpoint.sequence();
      expected = checkpoint.anchor();
      listener.advanced(nextAfter, Math.max(nextAfter, source.since()), 0);
    } else {
      listener.advanced(0, source.since(), 0);
    }
    askChanges();
  }

  /** Ends it; what is being inserted is inserted all the same. */
  void stop() {
    stopped = true;
    for (Portion each : portions) {
      each.ended = true;
      release(each);
    }
    portions.clear();
  }

  private void askChanges() {
    if (asking || offers.size() >= OFFERS_AHEAD) {
      return;
    }
    asking = true;
    long after = nextAfter;
    Anchor anchor = expected;
    int waitMillis = (int) options.liveWait().toMillis();
    session.ask(
        request ->
            new AskChanges(
                session.number(),
                request,
                after,
                selection,
                options.documentsPerOffer(),
                waitMillis,
                anchor),
        options.liveWait().plus(options.requestTimeout()),
        this::offered);
  }

  private void offered(Message message) {
    if (stopped) {
      return;
    }
    asking = false;
    if (message instanceof TellChanges tell && tell.changes().to() >= nextAfter) {
      // The history was recognised, and does not change while the other side lives.
      expected = Anchor.START;
      nextAfter = tell.changes().to();
      offers.add(tell.changes());
      since = Math.max(tell.since(), nextAfter);
      work();
      askChanges();
    } else if (message instanceof Failed failed && failed.code().equals(Failed.UNKNOWN_HISTORY)) {
      // Nothing is wrong with what is here already; it is only compared again.
      listener.failed("compares everything again: " + failed.reason());
      boolean first = nextAfter == 0;
      nextAfter = 0;
      expected = Anchor.START;
      if (first || !portions.isEmpty() || !offers.isEmpty()) {
        session.end("the peer does not know its own history");
      } else {
        listener.advanced(0, source.since(), 0);
        askChanges();
      }
    } else if (message instanceof Failed failed) {
      session.end("the peer cannot tell what changed: " + failed.reason());
    } else {
      session.end("the peer answered what was not asked");
    }
  }

  private void work() {
    while (portions.size() < PORTIONS_AT_ONCE && !offers.isEmpty()) {
      Portion begun = new Portion(offers.remove());
      portions.add(begun);
      for (OfferedDocument document : begun.changes.documents()) {
        document.revisions().forEach(each -> begun.documents.put(each.sequence(), document));
      }
      compare(begun, begun.changes.documents());
    }
  }

  /** Looks what is missing, apart from what another peer is about to bring. */
  private void compare(Portion of, List<OfferedDocument> documents) {
    List<OfferedDocument> free = new ArrayList<>(documents.size());
    documents.forEach(document -> claim(of, document, free));
    if (free.isEmpty()) {
      proceed(of);
      return;
    }
    of.underWay++;
    then(
        of,
        replica.missing(free, selection),
        missing -> {
          of.underWay--;
          want(of, missing);
          proceed(of);
        });
  }

  /** Claimed before it is compared, so that nobody else brings it in between. */
  private void claim(Portion of, OfferedDocument document, List<OfferedDocument> free) {
    List<Offered> mine = new ArrayList<>(document.revisions().size());
    List<Offered> contested = new ArrayList<>(0);
    for (Offered offered : document.revisions()) {
      Claims.Claim claim = claim(document, offered.revision());
      if (claims.take(claim)) {
        of.claimed.add(claim);
        mine.add(offered);
      } else {
        contested.add(offered);
      }
    }
    if (contested.isEmpty()) {
      free.add(document);
      return;
    }
    of.contested.add(new OfferedDocument(document.bucket(), document.id(), contested));
    if (!mine.isEmpty()) {
      free.add(new OfferedDocument(document.bucket(), document.id(), mine));
    }
  }

  private static Claims.Claim claim(OfferedDocument document, Revision revision) {
    return new Claims.Claim(document.bucket(), document.id(), revision);
  }

  /** Takes what is missing, and leaves what is here already to others. */
  private void want(Portion of, List<Wanted> missing) {
    Set<Claims.Claim> kept = new HashSet<>();
    for (Wanted wanted : missing) {
      OfferedDocument document = of.documents.get(wanted.sequence());
      if (document != null) {
        kept.add(claim(document, wanted.revision()));
        of.wanted.add(wanted);
      }
    }
    List<Claims.Claim> rest = of.claimed.stream().filter(each -> !kept.contains(each)).toList();
    of.claimed.retainAll(kept);
    claims.release(rest);
  }

  private void proceed(Portion of) {
    while (!of.wanted.isEmpty() && fetches < options.requestsAtOnce()) {
      List<Wanted> some = new ArrayList<>();
      int names = 0;
      while (!of.wanted.isEmpty()
          && some.size() < options.revisionsPerRequest()
          && names < MAX_NAMES) {
        Wanted next = of.wanted.poll();
        some.add(next);
        names += 1 + next.known().size();
      }
      of.underWay++;
      fetches++;
      askRevisions(of, some);
    }
    if (of.underWay > 0 || !of.wanted.isEmpty() || of.complete) {
      return;
    }
    release(of);
    if (of.contested.isEmpty()) {
      of.complete = true;
      finish();
    } else {
      List<OfferedDocument> again = List.copyOf(of.contested);
      of.contested.clear();
      of.underWay++;
      claims.whenFree(
          again,
          () ->
              loop.execute(
                  () -> {
                    if (!of.ended) {
                      of.underWay--;
                      compare(of, again);
                    }
                  }));
    }
  }

  private void release(Portion of) {
    claims.release(of.claimed);
    of.claimed.clear();
  }

  private void askRevisions(Portion of, List<Wanted> wanted) {
    session.ask(
        request ->
            new AskRevisions(
                session.number(), request, wanted, selection, options.bytesPerRequest()),
        options.requestTimeout(),
        message -> {
          if (!of.ended) {
            arrived(of, wanted, message);
          }
        });
  }

  private void arrived(Portion of, List<Wanted> wanted, Message message) {
    if (message instanceof Failed failed) {
      session.end("the peer cannot read what it has: " + failed.reason());
      return;
    }
    if (!(message instanceof TellRevisions tell) || !answers(of, wanted, tell.answer())) {
      session.end("the peer answered what was not asked");
      return;
    }
    // What did not fit comes next.
    for (int i = wanted.size() - 1; i >= tell.answer().answered(); i--) {
      of.wanted.addFirst(wanted.get(i));
    }
    insert(of, tell.answer().sent(), 1);
  }

  /** Whether {@code answer} holds nothing but what was asked for, and goes forward. */
  private static boolean answers(Portion of, List<Wanted> wanted, Replica.Answer answer) {
    if (answer.answered() < 1 || answer.answered() > wanted.size()) {
      return false;
    }
    Map<Long, Wanted> asked = new HashMap<>();
    wanted.subList(0, answer.answered()).forEach(each -> asked.put(each.sequence(), each));
    for (Sent sent : answer.sent()) {
      Wanted one = asked.remove(sent.sequence());
      OfferedDocument document = of.documents.get(sent.sequence());
      if (one == null
          || document == null
          || !one.revision().equals(sent.revision())
          || !document.id().equals(sent.id())
          || !document.bucket().equals(sent.bucket())) {
        return false;
      }
    }
    return true;
  }

  private void insert(Portion of, List<Sent> sent, int attempt) {
    if (sent.isEmpty()) {
      inserted(of);
      return;
    }
    replica
        .insert(sent)
        .whenComplete(
            (done, failure) ->
                loop.execute(
                    () -> {
                      if (of.ended) {
                        return;
                      }
                      if (failure == null) {
                        inserted(of);
                      } else {
                        notInserted(of, sent, attempt, Source.causeOf(failure));
                      }
                    }));
  }

  private void inserted(Portion of) {
    of.underWay--;
    fetches--;
    List.copyOf(portions).forEach(this::proceed);
  }

  private void notInserted(Portion of, List<Sent> sent, int attempt, Throwable failure) {
    boolean passes =
        failure instanceof UnavailableException || failure instanceof UnknownOutcomeException;
    String what = "cannot insert: " + failure.getMessage();
    if (!passes || attempt == INSERT_TRIES) {
      session.end(what);
      return;
    }
    listener.failed(what);
    Duration pause = options.firstRetry().multipliedBy(1L << (attempt - 1));
    loop.after(
        pause,
        () -> {
          if (!of.ended) {
            insert(of, sent, attempt + 1);
          }
        });
  }

  /** Notes how far it has come without a gap. */
  private void finish() {
    Replica.Changes changes = null;
    while (!portions.isEmpty() && portions.peek().complete) {
      Portion done = portions.remove();
      done.ended = true;
      changes = done.changes;
    }
    if (changes == null) {
      return;
    }
    PullCheckpoint checkpoint =
        new PullCheckpoint(source.incarnation(), changes.to(), changes.anchor());
    replica
        .saveCheckpoint(source.database(), selection, checkpoint)
        .whenComplete(
            (done, failure) -> {
              if (failure != null) {
                String what = "cannot note how far it has come: " + failure.getMessage();
                loop.execute(() -> listener.failed(what));
              }
            });
    listener.advanced(changes.to(), since, changes.timeMillis());
    work();
    askChanges();
  }

  private <T> void then(Portion of, CompletionStage<T> stage, Consumer<T> next) {
    stage.whenComplete(
        (value, failure) ->
            loop.execute(
                () -> {
                  if (of.ended) {
                    return;
                  }
                  if (failure == null) {
                    next.accept(value);
                  } else {
                    session.end("cannot compare: " + Source.causeOf(failure).getMessage());
                  }
                }));
  }
}
