package io.millrace.replication.zmq;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.zeromq.SocketType;
import org.zeromq.ZFrame;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * Decides who may connect, when ZeroMQ asks (its RFC 27): those whose public key is on the list.
 */
final class Admission implements Exchange.Served {
  private static final String ADDRESS = "inproc://zeromq.zap.01";
  private static final int MECHANISM = 5;
  private static final int KEY = 6;

  private final Set<String> allowed;
  private final Complaints complaints;
  private final ZMQ.Socket socket;

  Admission(ZMQ.Context context, Set<String> allowed, Complaints complaints) {
    this.allowed = allowed;
    this.complaints = complaints;
    this.socket = context.socket(SocketType.REP);
    socket.setLinger(0);
    socket.bind(ADDRESS);
  }

  @Override
  public ZMQ.Socket socket() {
    return socket;
  }

  @Override
  public void serve() {
    ZMsg question = ZMsg.recvMsg(socket, ZMQ.DONTWAIT);
    while (question != null) {
      answer(question.toArray(new ZFrame[0]));
      question = ZMsg.recvMsg(socket, ZMQ.DONTWAIT);
    }
  }

  @Override
  public void look() {}

  private void answer(ZFrame[] question) {
    String key = "";
    if (question.length > KEY
        && text(question[MECHANISM]).equals("CURVE")
        && question[KEY].getData().length == Keys.BYTES) {
      key = Keys.text(question[KEY].getData());
    }
    boolean may = allowed.contains(key);
    if (!may && question.length > KEY) {
      complaints.about(
          text(question[3]), "may not connect: its key " + key + " is not among the allowed ones");
    }
    ZMsg answer = new ZMsg();
    answer.add("1.0");
    answer.add(question.length > 1 ? question[1].getData() : new byte[0]);
    answer.add(may ? "200" : "400");
    answer.add(may ? "OK" : "not allowed");
    answer.add(may ? key : "");
    answer.add("");
    answer.send(socket);
  }

  private static String text(ZFrame frame) {
    return new String(frame.getData(), StandardCharsets.US_ASCII);
  }
}
