package io.millrace.tck.transport;

import io.millrace.api.replication.Link;
import io.millrace.api.replication.LinkListener;
import io.millrace.api.replication.Transport;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A transport that is right, but for one flaw. */
final class FlawedTransport implements Transport {
  private static final int UNLUCKY = 13;

  private final Transport right;
  private final Flaw flaw;
  private final List<LinkListener> accepted = new ArrayList<>();

  FlawedTransport(Transport right, Flaw flaw) {
    this.right = right;
    this.flaw = flaw;
    if (flaw == Flaw.LEAVES_A_THREAD) {
      Thread thread = new Thread(FlawedTransport::waitForEver, "millrace-left");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private static void waitForEver() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void require(String address, @Nullable String key) {
    if (flaw != Flaw.CONNECTS_TO_ANYTHING || key != null) {
      right.require(address, key);
    }
  }

  @Override
  public @Nullable String address() {
    return right.address();
  }

  @Override
  public @Nullable String key() {
    return right.key();
  }

  @Override
  public int maxFrameBytes() {
    return right.maxFrameBytes();
  }

  @Override
  public void listen(Acceptor acceptor) {
    right.listen(
        link -> {
          FlawedLink flawed = new FlawedLink(link);
          LinkListener listener = acceptor.accepted(flawed);
          accepted.add(listener);
          flawed.listener = new FlawedListener(listener);
          return flawed.listener;
        });
  }

  @Override
  public Link connect(String address, @Nullable String key, LinkListener listener) {
    FlawedListener flawed = new FlawedListener(listener);
    FlawedLink link = new FlawedLink(right.connect(address, key, flawed));
    link.listener = flawed;
    return link;
  }

  @Override
  public void close() {
    right.close();
  }

  private final class FlawedListener implements LinkListener {
    private final LinkListener listener;
    private boolean failed;

    FlawedListener(LinkListener listener) {
      this.listener = listener;
    }

    @Override
    public void received(byte[] frame) {
      if (failed && flaw == Flaw.IS_DEAF_AFTER_A_FAILURE) {
        return;
      }
      boolean cut = flaw == Flaw.CUTS_A_FRAME && frame.length > 1_000;
      LinkListener to =
          flaw == Flaw.DELIVERS_TO_ANOTHER_LINK && accepted.contains(listener)
              ? accepted.get(accepted.size() - 1)
              : listener;
      try {
        to.received(cut ? Arrays.copyOf(frame, frame.length - 1) : frame);
      } catch (RuntimeException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public void closed(String reason) {
      if (flaw != Flaw.KEEPS_QUIET_ABOUT_THE_END) {
        listener.closed(reason);
      }
    }
  }

  private final class FlawedLink implements Link {
    private final Link link;
    private final Queue<byte[]> queue = new ArrayDeque<>();
    private @Nullable FlawedListener listener;
    private boolean connected;
    private boolean dead;
    private int sent;

    FlawedLink(Link link) {
      this.link = link;
    }

    @Override
    public synchronized boolean send(byte[] frame) {
      if (flaw == Flaw.TAKES_FRAMES_THAT_ARE_TOO_LONG && frame.length > maxFrameBytes()) {
        return true;
      }
      if (dead || (flaw == Flaw.LOSES_A_FRAME && connected && ++sent % UNLUCKY == 0)) {
        return !dead;
      }
      while (!queue.isEmpty() && link.send(queue.element())) {
        queue.remove();
      }
      boolean taken = queue.isEmpty() && link.send(frame);
      if (taken && flaw == Flaw.DOUBLES_A_FRAME && ++sent % UNLUCKY == 0) {
        link.send(frame.clone());
      }
      if (!taken && connected && flaw == Flaw.QUEUES_WITHOUT_BOUND) {
        queue.add(frame);
        return true;
      }
      dead = !taken && connected && flaw == Flaw.NEVER_COMES_BACK;
      connected |= taken;
      return taken || flaw == Flaw.TAKES_FRAMES_FOR_NOBODY;
    }

    @Override
    public String remote() {
      return link.remote();
    }

    @Override
    public @Nullable String remoteKey() {
      return link.remoteKey();
    }

    @Override
    public void close() {
      link.close();
      FlawedListener telling = listener;
      if (flaw == Flaw.TELLS_WHOEVER_CLOSES && telling != null) {
        telling.closed("closed");
      }
    }
  }
}
