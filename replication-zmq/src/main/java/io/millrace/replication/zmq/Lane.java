package io.millrace.replication.zmq;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from OPEN to its end: cuts frames into pieces, puts pieces together, and keeps to
 * the window. Frames of a connection that broke end with it, so that no two are ever mixed.
 *
 * <p>Belongs to the thread of the transport, apart from {@link #credit()}.
 */
final class Lane {
  /** Hands a piece to ZeroMQ. */
  @FunctionalInterface
  interface Outlet {
    /** Whether the piece was taken, which it is while the connection stands. */
    boolean send(byte[] piece);
  }

  private final int number;
  private final Piece.Terms theirs;
  private final int windowBytes;
  private final Packing packing;
  private final int maxFrameBytes;
  private final Outlet outlet;
  private final TransportMeters meters;
  private final Credit credit;

  private boolean broken;
  private byte form;
  private int packedLength = -1;
  private int rawLength;
  private ByteArrayOutputStream packed = new ByteArrayOutputStream(0);
  private long read;
  private long told;

  Lane(
      int number,
      Piece.Terms theirs,
      ZmqOptions options,
      Packing packing,
      TransportMeters meters,
      Outlet outlet) {
    this.number = number;
    this.theirs = theirs;
    this.windowBytes = options.windowBytes();
    this.packing = packing;
    this.maxFrameBytes = options.maxFrameBytes();
    this.meters = meters;
    this.outlet = outlet;
    this.credit = new Credit(Math.min(theirs.windowBytes(), windowBytes));
  }

  Credit credit() {
    return credit;
  }

  /** Sends a frame for which credit was taken. */
  void send(byte[] frame) {
    if (broken) {
      meters.dropped();
      return;
    }
    Packing.Packed whole = packing.pack(frame, theirs.zstd());
    boolean taken = outlet.send(Piece.first(number, whole));
    int sent = Piece.firstLength(whole);
    while (taken && sent < whole.length()) {
      taken = outlet.send(Piece.more(number, whole, sent));
      sent += Piece.moreLength(whole, sent);
    }
    if (taken) {
      meters.sent(whole);
    } else {
      // What was sent of it must not be continued on another connection.
      broken = true;
      meters.dropped();
    }
  }

  /**
   * Takes a piece.
   *
   * @return the frame that it completes; null when it does not
   * @throws Violation when nobody sends such a piece who keeps to the protocol
   */
  byte @Nullable [] receive(byte[] piece) {
    ByteBuffer header = ByteBuffer.wrap(piece);
    if (piece.length < 5) {
      throw new Violation("a piece without a header");
    }
    byte kind = header.get();
    if (header.getInt() != number) {
      // Of a connection before this one.
      return null;
    }
    meters.received(piece.length);
    switch (kind) {
      case Piece.READ -> giveBack(header);
      case Piece.FIRST -> begin(header, piece);
      case Piece.MORE -> proceed(piece);
      default -> throw new Violation("a piece of the kind " + kind);
    }
    return kind == Piece.READ ? null : completed();
  }

  /** A frame was read by whoever it was for. */
  void delivered(int frameBytes) {
    read += Credit.cost(frameBytes);
    if (read - told > windowBytes / 4) {
      tellWhatWasRead();
    }
  }

  /** Lets the other side send more, if it does not know yet that it may. */
  void tellWhatWasRead() {
    if (read != told && !broken) {
      broken = !outlet.send(Piece.read(number, read));
      told = read;
    }
  }

  private void giveBack(ByteBuffer header) {
    if (header.remaining() != 8 || !credit.giveBack(header.getLong())) {
      throw new Violation("an account of what was never sent");
    }
  }

  private void begin(ByteBuffer header, byte[] piece) {
    if (header.remaining() < 9) {
      throw new Violation("a frame without a header");
    }
    form = header.get();
    packedLength = header.getInt();
    rawLength = header.getInt();
    // Packed frames are never longer than what they were.
    if (rawLength < 0
        || rawLength > maxFrameBytes
        || packedLength < 0
        || packedLength > rawLength) {
      throw new Violation("a frame of " + rawLength + " bytes, packed in " + packedLength);
    }
    // Grows by what has come, not by what was announced.
    packed = new ByteArrayOutputStream(Math.min(packedLength, piece.length));
    packed.writeBytes(Piece.content(piece));
  }

  private void proceed(byte[] piece) {
    if (packedLength < 0) {
      throw new Violation("the middle of a frame without its beginning");
    }
    packed.writeBytes(Piece.content(piece));
  }

  private byte @Nullable [] completed() {
    if (packed.size() < packedLength) {
      return null;
    }
    if (packed.size() > packedLength) {
      throw new Violation("a frame that is longer than it says");
    }
    byte[] bytes = packed.toByteArray();
    packed = new ByteArrayOutputStream(0);
    packedLength = -1;
    byte[] frame = packing.unpack(form, bytes, rawLength);
    meters.receivedFrame();
    return frame;
  }
}
