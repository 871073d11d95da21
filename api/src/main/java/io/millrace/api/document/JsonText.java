package io.millrace.api.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.api.error.InternalException;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON text that was checked and stripped of white space, with the places of its outermost
 * members or elements.
 *
 * <p>Refused are: what RFC 8259 does not allow, member names that occur twice in one object,
 * surrogates without their partner, bytes that are not UTF-8, and nesting deeper than {@value
 * #MAX_DEPTH}. Numbers may have any size: their text is kept. Immutable.
 */
public final class JsonText {
  /** How deep arrays and objects may be nested. */
  public static final int MAX_DEPTH = 500;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  // One more, so that the check here finds it first, and knows the place.
                  .maxNestingDepth(MAX_DEPTH + 1)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final byte[] json;
  private final List<String> names;
  private final int[] starts;
  private final int[] ends;

  private JsonText(byte[] json, List<String> names, int[] starts, int[] ends) {
    this.json = json;
    this.names = names;
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * A document as clients write it: metadata beside the document's own members.
   *
   * @param id the member {@code id}; null when there is none
   * @param revision the member {@code rev}; null when there is none
   * @param body the other members
   */
  public record WrittenDocument(@Nullable String id, @Nullable Revision revision, Body body) {}

  /** One member of an object: its name, and its value as compact JSON. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Member(String name, byte[] value) {}

  /**
   * Checks {@code utf8}.
   *
   * @throws MalformedJsonException with the place of the first fault
   */
  public static JsonText parse(byte[] utf8) {
    refuseOtherEncodings(utf8);
    List<String> names = new ArrayList<>();
    int children = check(utf8, names);
    Compaction compaction = new Compaction(utf8, children);
    return new JsonText(compaction.run(), names, compaction.starts, compaction.ends);
  }

  /**
   * The parser guesses UTF-16 and UTF-32 from the first four bytes, and skips a byte order mark;
   * none of them is accepted here.
   */
  private static void refuseOtherEncodings(byte[] utf8) {
    boolean mark = utf8.length > 0 && (utf8[0] & 0xff) >= 0xef;
    for (int i = 0; i < Math.min(4, utf8.length); i++) {
      mark |= utf8[i] == 0;
    }
    if (mark) {
      throw new MalformedJsonException(
          "the text must be UTF-8 without a byte order mark and begin with a JSON value", 1, 1);
    }
  }

  /**
   * Reads an object without metadata.
   *
   * @throws InvalidRequestException when it is not an object or has a reserved member
   */
  public static Body parseBody(byte[] utf8) {
    WrittenDocument document = parse(utf8).document();
    if (document.id() != null || document.revision() != null) {
      throw new InvalidRequestException(
          "reserved-member", "the members id and rev are kept beside the body, not in it");
    }
    return document.body();
  }

  /** The compact text; not a copy, must not be changed. */
  public byte[] json() {
    return json;
  }

  /** Whether the text is an object. */
  public boolean isObject() {
    return json[0] == '{';
  }

  /** Whether the text is an array. */
  public boolean isArray() {
    return json[0] == '[';
  }

  /** The elements of an array, each as compact JSON, in order. */
  public List<byte[]> elements() {
    if (!isArray()) {
      throw new IllegalStateException("not an array");
    }
    List<byte[]> elements = new ArrayList<>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      elements.add(Arrays.copyOfRange(json, starts[i], ends[i]));
    }
    return elements;
  }

  /** The members of an object, in order. */
  public List<Member> members() {
    requireObject();
    List<Member> members = new ArrayList<>(starts.length);
    for (int i = 0; i < starts.length; i++) {
      members.add(new Member(names.get(i), Arrays.copyOfRange(json, valueStart(i), ends[i])));
    }
    return members;
  }

  /**
   * The object as a document with its metadata taken apart.
   *
   * @throws InvalidRequestException when it is not an object, when {@code id} or {@code rev} is not
   *     what it must be, or when a member begins with {@code _}
   */
  public WrittenDocument document() {
    requireObject();
    String id = null;
    Revision revision = null;
    boolean cut = false;
    for (int i = 0; i < starts.length; i++) {
      String name = names.get(i);
      if (name.equals("id")) {
        id = stringAt(i, name);
        cut = true;
      } else if (name.equals("rev")) {
        revision = Revision.parse(stringAt(i, name));
        cut = true;
      } else if (name.startsWith("_")) {
        throw new InvalidRequestException(
            "reserved-member",
            "members that begin with _ are reserved: "
                + name.substring(0, Math.min(64, name.length())));
      }
    }
    return new WrittenDocument(id, revision, Body.ofCheckedJson(cut ? withoutMetadata() : json));
  }

  private byte[] withoutMetadata() {
    byte[] kept = new byte[json.length];
    int length = 0;
    kept[length++] = '{';
    for (int i = 0; i < starts.length; i++) {
      String name = names.get(i);
      if (name.equals("id") || name.equals("rev")) {
        continue;
      }
      if (length > 1) {
        kept[length++] = ',';
      }
      System.arraycopy(json, starts[i], kept, length, ends[i] - starts[i]);
      length += ends[i] - starts[i];
    }
    kept[length++] = '}';
    return Arrays.copyOf(kept, length);
  }

  private String stringAt(int member, String name) {
    int start = valueStart(member);
    if (json[start] != '"') {
      throw new InvalidRequestException(
          "invalid-member", "the member " + name + " must be a string");
    }
    try (JsonParser parser = FACTORY.createParser(json, start, ends[member] - start)) {
      parser.nextToken();
      return parser.getText();
    } catch (IOException e) {
      throw new InternalException("unreadable-json", "checked JSON could not be read again", e);
    }
  }

  private int valueStart(int member) {
    int at = starts[member] + 1;
    while (json[at] != '"') {
      at += json[at] == '\\' ? 2 : 1;
    }
    return at + 2;
  }

  private void requireObject() {
    if (!isObject()) {
      throw new InvalidRequestException("not-an-object", "a JSON object is needed here");
    }
  }

  /**
   * Lets the parser walk the whole text; gathers the outermost names and counts the outermost
   * children.
   */
  private static int check(byte[] utf8, List<String> names) {
    int depth = 0;
    int children = 0;
    try (JsonParser parser = FACTORY.createParser(utf8)) {
      JsonToken token = parser.nextToken();
      if (token == null) {
        throw new MalformedJsonException("there is no JSON value", 1, 1);
      }
      boolean array = token == JsonToken.START_ARRAY;
      do {
        if (depth == 1 && token == JsonToken.FIELD_NAME) {
          names.add(parser.currentName());
          children++;
        } else if (token.isStructEnd()) {
          depth--;
        } else {
          if (array && depth == 1) {
            children++;
          }
          if (token.isStructStart() && ++depth > MAX_DEPTH) {
            JsonLocation place = parser.currentTokenLocation();
            throw new MalformedJsonException(
                "nesting deeper than " + MAX_DEPTH, place.getLineNr(), place.getColumnNr());
          }
        }
        token = parser.nextToken();
      } while (token != null && depth > 0);
      if (token != null) {
        JsonLocation place = parser.currentTokenLocation();
        throw new MalformedJsonException(
            "something follows the JSON value", place.getLineNr(), place.getColumnNr());
      }
      return children;
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      throw new MalformedJsonException(
          firstLine(e.getOriginalMessage()),
          place == null ? 0 : place.getLineNr(),
          place == null ? 0 : place.getColumnNr());
    } catch (java.io.CharConversionException e) {
      throw new MalformedJsonException("the text is not UTF-8", 0, 0);
    } catch (IOException e) {
      throw new InternalException("unreadable-json", "an array could not be read", e);
    }
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  /**
   * Copies text that the parser has accepted, without white space, and checks what the parser does
   * not: UTF-8 and surrogates.
   */
  private static final class Compaction {
    private final byte[] from;
    private final byte[] to;
    private final int[] starts;
    private final int[] ends;
    private int at;
    private int length;

    Compaction(byte[] from, int children) {
      this.from = from;
      this.to = new byte[from.length];
      this.starts = new int[children];
      this.ends = new int[children];
    }

    byte[] run() {
      int depth = 0;
      int child = 0;
      boolean inside = false;
      while (at < from.length) {
        byte b = from[at];
        if (b == ' ' || b == '\n' || b == '\r' || b == '\t') {
          at++;
          continue;
        }
        boolean closes = b == '}' || b == ']';
        if (depth == 1) {
          if (inside && (b == ',' || closes)) {
            ends[child++] = length;
            inside = false;
          } else if (!inside && b != ',' && !closes) {
            starts[child] = length;
            inside = true;
          }
        }
        if (b == '"') {
          copyString();
          continue;
        }
        if (closes) {
          depth--;
        } else if (b == '{' || b == '[') {
          depth++;
        }
        to[length++] = b;
        at++;
      }
      return length == to.length ? to : Arrays.copyOf(to, length);
    }

    private void copyString() {
      int start = at++;
      while (from[at] != '"') {
        byte b = from[at];
        if (b >= 0) {
          at += b == '\\' ? escapeLength() : 1;
        } else {
          at += sequenceLength();
        }
      }
      at++;
      System.arraycopy(from, start, to, length, at - start);
      length += at - start;
    }

    private int escapeLength() {
      if (from[at + 1] != 'u') {
        return 2;
      }
      int unit = hexUnit(at + 2);
      if (Character.isLowSurrogate((char) unit)) {
        throw fault("a surrogate without its partner");
      }
      if (!Character.isHighSurrogate((char) unit)) {
        return 6;
      }
      boolean paired =
          from[at + 6] == '\\'
              && from[at + 7] == 'u'
              && Character.isLowSurrogate((char) hexUnit(at + 8));
      if (!paired) {
        throw fault("a surrogate without its partner");
      }
      return 12;
    }

    private int hexUnit(int start) {
      int unit = 0;
      for (int i = start; i < start + 4; i++) {
        unit = unit << 4 | Character.digit(from[i], 16);
      }
      return unit;
    }

    /** The length of a well-formed sequence of more than one byte, as of Unicode's table 3-7. */
    private int sequenceLength() {
      int first = from[at] & 0xff;
      int second = at + 1 < from.length ? from[at + 1] & 0xff : 0;
      int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
      int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
      int size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
      boolean whole = size > 0 && second >= lowest && second <= highest;
      for (int i = 2; whole && i < size; i++) {
        whole = at + i < from.length && (from[at + i] & 0xc0) == 0x80;
      }
      if (!whole) {
        throw fault("bytes that are not UTF-8");
      }
      return size;
    }

    private MalformedJsonException fault(String reason) {
      int line = 1;
      int column = 1;
      for (int i = 0; i < at; i++) {
        if (from[i] == '\n') {
          line++;
          column = 1;
        } else {
          column++;
        }
      }
      return new MalformedJsonException(reason, line, column);
    }
  }

  @Override
  public String toString() {
    return new String(json, StandardCharsets.UTF_8);
  }
}
