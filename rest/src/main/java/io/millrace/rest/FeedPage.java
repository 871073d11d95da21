package io.millrace.rest;

import io.millrace.rest.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a live feed sends at a time: JSON values as server-sent events, or one a line. For one
 * thread at a time.
 */
final class FeedPage {
  private static final int BYTES = 64 << 10;

  private final boolean events;
  private final JsonWriter text = new JsonWriter(512);

  /** An empty page. */
  FeedPage(boolean events) {
    this.events = events;
  }

  /** Begins a value that a client can go on behind: its id is {@code sequence}. */
  JsonWriter begin(long sequence) {
    return begin(sequence, null);
  }

  /** The same for one that is not one of many; as {@link #begin(String)}. */
  JsonWriter begin(long sequence, @Nullable String type) {
    if (events) {
      text.ascii("id: ").ascii(Long.toString(sequence)).ascii("\n");
    }
    return begin(type);
  }

  /**
   * Begins a value.
   *
   * @param type what the event is called; null for one of many; lines do not show it
   */
  JsonWriter begin(@Nullable String type) {
    if (events) {
      if (type != null) {
        text.ascii("event: ").ascii(type).ascii("\n");
      }
      text.ascii("data: ");
    }
    return text;
  }

  /** Ends the value. */
  void end() {
    text.ascii(events ? "\n\n" : "\n");
  }

  boolean isEmpty() {
    return text.length() == 0;
  }

  /** Whether it is time to send. */
  boolean isFull() {
    return text.length() >= BYTES;
  }

  /** What was written; the page is empty afterwards. */
  byte[] take() {
    byte[] taken = text.toByteArray();
    text.truncate(0);
    return taken;
  }

  /** A piece that says nothing. */
  static byte[] comment(boolean events) {
    return (events ? ":\n\n" : "\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** The last piece: says why, and names no sequence that the client has not received. */
  static byte[] farewell(boolean events, String reason) {
    FeedPage page = new FeedPage(events);
    page.begin("end").startObject().name("end").string(reason).endObject();
    page.end();
    return page.take();
  }
}
