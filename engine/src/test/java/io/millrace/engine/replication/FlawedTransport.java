package io.millrace.engine.replication;

import io.millrace.api.error.MillraceException;
import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import io.millrace.engine.replication.Message.AskChanges;
import io.millrace.engine.replication.Message.AskRevisions;
import io.millrace.engine.replication.Message.Failed;
import io.millrace.engine.replication.Message.Hello;
import io.millrace.engine.replication.Message.Identity;
import io.millrace.engine.replication.Message.Pong;
import io.millrace.engine.replication.Message.TellChanges;
import io.millrace.engine.replication.Message.TellRevisions;
import io.millrace.engine.replication.Message.Welcome;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server would do that has one {@link Flaw} in how it treats frames: they are changed on
 * their way in as that server would misunderstand them.
 */
final class FlawedTransport implements Transport {
  private final Transport inner;
  private final Flaw flaw;
  private final Replica replica;

  FlawedTransport(Transport inner, Flaw flaw, Replica replica) {
    this.inner = inner;
    this.flaw = flaw;
    this.replica = replica;
  }

  @Override
  public void require(String address, @Nullable String key) {
    inner.require(address, key);
  }

  @Override
  public @Nullable String address() {
    return inner.address();
  }

  @Override
  public @Nullable String key() {
    return inner.key();
  }

  @Override
  public int maxFrameBytes() {
    return inner.maxFrameBytes();
  }

  @Override
  public void listen(Acceptor acceptor) {
    inner.listen(
        link -> {
          Tap tap = new Tap();
          LinkListener listener = acceptor.accepted(tap.link(link));
          return tap.listener(listener);
        });
  }

  @Override
  public Link connect(String address, @Nullable String key, LinkListener listener) {
    Tap tap = new Tap();
    return tap.link(inner.connect(address, key, tap.listener(listener)));
  }

  @Override
  public void close() {
    inner.close();
  }

  /** Sees the frames of one link. */
  private final class Tap {
    private final Map<Long, AskChanges> asked = new HashMap<>();
    private final Map<Long, Integer> times = new HashMap<>();
    private long session;
    private @Nullable Identity remote;

    LinkListener listener(LinkListener to) {
      return new LinkListener() {
        @Override
        public void received(byte[] frame) {
          to.received(misread(frame));
        }

        @Override
        public void closed(String reason) {
          to.closed(reason);
        }
      };
    }

    Link link(Link to) {
      return new Link() {
        @Override
        public boolean send(byte[] frame) {
          seen(Frames.decode(frame));
          return to.send(frame);
        }

        @Override
        public String remote() {
          return to.remote();
        }

        @Override
        public @Nullable String remoteKey() {
          return to.remoteKey();
        }

        @Override
        public void close() {
          to.close();
        }
      };
    }

    private void seen(@Nullable Message sent) {
      if (sent instanceof Welcome welcome) {
        begin(welcome.session());
      } else if (sent instanceof AskChanges ask) {
        asked.put(ask.request(), ask);
        times.merge(ask.request(), 1, Integer::sum);
      }
    }

    private void begin(long number) {
      if (session != number) {
        session = number;
        asked.clear();
        times.clear();
      }
    }

    private byte[] misread(byte[] frame) {
      Message message;
      try {
        message = Frames.decode(frame);
      } catch (MillraceException e) {
        return frame;
      }
      if (message instanceof Welcome welcome) {
        begin(welcome.session());
        remote = welcome.identity();
      } else if (message instanceof Hello hello) {
        remote = hello.identity();
      }
      Message read = message == null ? null : misread(message);
      return read == message || read == null ? frame : Frames.encode(read);
    }

    private Message misread(Message message) {
      if (flaw == Flaw.IGNORES_SESSIONS) {
        return ofThisSession(message);
      }
      if (!(message instanceof TellChanges tell) || tell.session() != session) {
        return message;
      }
      AskChanges ask = asked.get(tell.request());
      Identity source = remote;
      if (flaw == Flaw.NOTES_CHECKPOINTS_EARLY && ask != null && source != null) {
        replica.saveCheckpoint(
            source.database(),
            ask.selection(),
            new PullCheckpoint(source.incarnation(), tell.changes().to(), tell.changes().anchor()));
      }
      if (flaw == Flaw.FORGETS_WHEN_IT_RETRIES
          && times.getOrDefault(tell.request(), 0) > 1
          && !tell.changes().documents().isEmpty()) {
        Replica.Changes changes = tell.changes();
        List<OfferedDocument> rest = changes.documents().subList(1, changes.documents().size());
        return new TellChanges(
            session,
            tell.request(),
            new Replica.Changes(rest, changes.to(), changes.anchor(), changes.timeMillis()),
            tell.since());
      }
      return message;
    }

    private Message ofThisSession(Message message) {
      if (message instanceof AskChanges m) {
        return new AskChanges(
            session,
            m.request(),
            m.after(),
            m.selection(),
            m.limit(),
            m.waitMillis(),
            m.expected());
      } else if (message instanceof TellChanges m) {
        return new TellChanges(session, m.request(), m.changes(), m.since());
      } else if (message instanceof AskRevisions m) {
        return new AskRevisions(session, m.request(), m.wanted(), m.selection(), m.maxBytes());
      } else if (message instanceof TellRevisions m) {
        return new TellRevisions(session, m.request(), m.answer());
      } else if (message instanceof Failed m) {
        return new Failed(session, m.request(), m.code(), m.reason());
      } else if (message instanceof Pong m) {
        return new Pong(session, m.since());
      }
      return message;
    }
  }
}
