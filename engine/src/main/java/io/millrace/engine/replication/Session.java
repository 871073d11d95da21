package io.millrace.engine.replication;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.api.log.Incarnation;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Bye;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.Hello;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.Ping;
import io.millrace.engine.replication.Message.Pong;
import io.millrace.engine.replication.Message.Refused;
import io.millrace.engine.replication.Message.Talk;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.Message.Welcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The talk with one other server over one link: greeting, then requests and answers in both
 * directions, until either side is silent for too long or says good-bye. On one link one session
 * may follow another.
 *
 * <p>Of the loop; frames come in from any thread.
 */
final class Session implements LinkListener {
  /** Frames that wait for the loop; more are dropped, as if they had been lost on the way. */
  private static final int MAX_WAITING_FRAMES = 64;

  private final RandomGenerator numbers;
  private final Loop loop;
  private final ReplicationOptions options;
  private final Source source;
  private final Listener listener;
  private final AtomicInteger waitingFrames = new AtomicInteger();
  private final Map<Long, Request> requests = new HashMap<>();
  private @Nullable Link link;
  private @Nullable Identity remote;

  /** The incarnation that the other side was told last; another one ends the session. */
  private @Nullable Incarnation told;

  private long session;
  private long attempt;
  private long nextRequest = 1;
  private long heardMillis;
  private Loop.@Nullable Timer watch;

  /** What comes of a talk. Called on the loop. */
  interface Listener {
    /** What is said to others of this server. */
    Identity self();

    /** Why the other side, which greeted first, is not welcome; null when it is. */
    @Nullable Refused refusal(Session session, Hello hello);

    /** Both sides know each other now. */
    void opened(Session session, Identity remote, boolean mutual);

    /** The other side does not want to talk. */
    void refused(Session session, String code, String reason);

    /** The talk has ended; the link may still be there. */
    void ended(Session session, String reason);

    /** The link has ended. */
    void closed(Session session, String reason);

    /** A frame came in that is none, or not one of this talk. */
    void garbage(Session session, String what);

    /** So many bytes came or went. */
    void carried(Session session, long received, long sent);
  }

  private record Request(
      LongFunction<Message> make,
      Duration timeout,
      int triesLeft,
      Consumer<Message> answer,
      Loop.Timer timer) {}

  Session(
      Loop loop,
      ReplicationOptions options,
      Replica replica,
      RandomGenerator numbers,
      Listener listener) {
    this.numbers = numbers;
    this.loop = loop;
    this.options = options;
    this.source = new Source(loop, replica, this);
    this.listener = listener;
  }

  /** Begins to use {@code theLink}. */
  void attach(Link theLink) {
    link = theLink;
  }

  @Nullable Link link() {
    return link;
  }

  /** Who is there; null before the greeting and after the end. */
  @Nullable Identity remote() {
    return remote;
  }

  boolean isOpen() {
    return remote != null;
  }

  /** Greets the other side, or greets it again. */
  void greet(boolean mutual) {
    attempt = numbers.nextLong();
    send(new Hello(attempt, introduced(), mutual));
  }

  /** What is said of this server, which is what the other side goes by until the session ends. */
  private Identity introduced() {
    Identity self = listener.self();
    told = self.incarnation();
    return self;
  }

  /**
   * Asks the other side something, again and again until an answer comes; the session ends when
   * none does.
   *
   * @param make makes the message, given the number of the request
   * @param answer takes the {@link TellChanges}, {@link TellRevisions} or {@link Failed}; never
   *     called once the session has ended
   */
  void ask(LongFunction<Message> make, Duration timeout, Consumer<Message> answer) {
    long number = nextRequest++;
    put(number, make, timeout, options.requestTries() - 1, answer);
    send(make.apply(number));
  }

  private void put(
      long number,
      LongFunction<Message> make,
      Duration timeout,
      int triesLeft,
      Consumer<Message> answer) {
    Loop.Timer timer = loop.after(timeout, () -> unanswered(number));
    requests.put(number, new Request(make, timeout, triesLeft, answer, timer));
  }

  private void unanswered(long number) {
    Request request = requests.remove(number);
    if (request == null) {
      return;
    }
    if (request.triesLeft() == 0) {
      end("no answer");
      return;
    }
    put(number, request.make(), request.timeout(), request.triesLeft() - 1, request.answer());
    send(request.make().apply(number));
  }

  /** The number of the session, which all its messages name. */
  long number() {
    return session;
  }

  /** Sends {@code message}, if that is possible now. */
  void send(Message message) {
    Link to = link;
    if (to == null) {
      return;
    }
    byte[] frame = Frames.encode(message);
    if (to.send(frame)) {
      listener.carried(this, 0, frame.length);
    }
  }

  /** Ends the session, and tells the other side. */
  void end(String reason) {
    if (isOpen()) {
      send(new Bye(session, reason));
      finish(reason);
    }
  }

  private void finish(String reason) {
    forget();
    listener.ended(this, reason);
  }

  private void forget() {
    remote = null;
    requests.values().forEach(request -> request.timer().cancel());
    requests.clear();
    source.stop();
    if (watch != null) {
      watch.cancel();
      watch = null;
    }
  }

  /** Ends everything, the link as well, without another word to the listener. */
  void close() {
    if (isOpen()) {
      send(new Bye(session, "closed"));
    }
    forget();
    Link ending = link;
    link = null;
    if (ending != null) {
      ending.close();
    }
  }

  @Override
  public void received(byte[] frame) {
    if (waitingFrames.incrementAndGet() > MAX_WAITING_FRAMES) {
      waitingFrames.decrementAndGet();
      return;
    }
    loop.execute(
        () -> {
          waitingFrames.decrementAndGet();
          handle(frame);
        });
  }

  @Override
  public void closed(String reason) {
    loop.execute(
        () -> {
          if (link == null) {
            return;
          }
          boolean wasOpen = isOpen();
          forget();
          link = null;
          if (wasOpen) {
            listener.ended(this, reason);
          }
          listener.closed(this, reason);
        });
  }

  private void handle(byte[] frame) {
    if (link == null) {
      return;
    }
    listener.carried(this, frame.length, 0);
    Message message;
    try {
      message = Frames.decode(frame);
    } catch (UnsupportedException e) {
      send(new Refused(attempt, e.code(), "this server speaks version " + Frames.MAJOR));
      listener.refused(this, e.code(), String.valueOf(e.getMessage()));
      return;
    } catch (CorruptionException e) {
      listener.garbage(this, String.valueOf(e.getMessage()));
      return;
    }
    if (message instanceof Hello hello) {
      welcome(hello);
    } else if (message instanceof Welcome welcome) {
      if (welcome.attempt() == attempt && welcome.session() != session) {
        open(welcome.session(), welcome.identity(), false);
      }
    } else if (message instanceof Refused refused) {
      // Nothing else has the attempt of a greeting that was not answered.
      if (refused.attempt() == attempt && !isOpen()) {
        listener.refused(this, refused.code(), refused.reason());
      }
    } else if (message instanceof Talk talk) {
      talk(talk);
    }
  }

  private void welcome(Hello hello) {
    if (isOpen() && hello.attempt() == attempt) {
      // The answer was lost, or the greeting came twice.
      send(new Welcome(attempt, session, listener.self()));
      return;
    }
    Refused refusal = listener.refusal(this, hello);
    if (refusal != null) {
      send(refusal);
      return;
    }
    attempt = hello.attempt();
    long number = numbers.nextLong();
    send(new Welcome(attempt, number, introduced()));
    open(number, hello.identity(), hello.mutual());
  }

  private void open(long number, Identity identity, boolean mutual) {
    if (isOpen()) {
      finish("greeted anew");
    }
    session = number;
    remote = identity;
    heardMillis = loop.nowMillis();
    watchAgain();
    listener.opened(this, identity, mutual);
  }

  private void watchAgain() {
    watch = loop.after(options.silence(), this::look);
  }

  private void look() {
    long silentMillis = loop.nowMillis() - heardMillis;
    if (silentMillis >= 3 * options.silence().toMillis()) {
      end("silent for " + silentMillis + " ms");
      return;
    }
    if (silentMillis >= options.silence().toMillis()) {
      send(new Ping(session));
    }
    watchAgain();
  }

  private void talk(Talk message) {
    if (!isOpen() || message.session() != session) {
      if (message instanceof Bye) {
        return;
      }
      listener.garbage(this, "a message of another session");
      // So that whoever talks to one that was restarted learns of it at once.
      send(new Bye(message.session(), "unknown session"));
      return;
    }
    heardMillis = loop.nowMillis();
    if (message instanceof AskChanges && !listener.self().incarnation().equals(told)) {
      end("a bucket was brought back here, so everything is to be compared again");
    } else if (message instanceof AskChanges ask) {
      source.answer(ask);
    } else if (message instanceof AskRevisions ask) {
      source.answer(ask);
    } else if (message instanceof TellChanges tell) {
      answered(tell.request(), tell);
    } else if (message instanceof TellRevisions tell) {
      answered(tell.request(), tell);
    } else if (message instanceof Failed failed) {
      answered(failed.request(), failed);
    } else if (message instanceof Ping) {
      send(new Pong(session, source.since()));
    } else if (message instanceof Bye bye) {
      finish("the peer ended the session: " + bye.reason());
    }
  }

  private void answered(long number, Message message) {
    Request request = requests.remove(number);
    if (request == null) {
      // Came twice.
      return;
    }
    request.timer().cancel();
    try {
      request.answer().accept(message);
    } catch (MillraceException e) {
      end(String.valueOf(e.getMessage()));
    }
  }
}
