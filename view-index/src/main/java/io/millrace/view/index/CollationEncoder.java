package io.millrace.view.index;

import io.millrace.api.error.InvalidRequestException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the encoding of {@link JsonCollation} while walking over compact JSON text, without a tree
 * between.
 *
 * <p>The text was checked before; text that is no JSON is a programming error. For one thread and
 * one value.
 */
final class CollationEncoder {
  /** Ends strings and arrays; below every byte that can follow in either. */
  private static final int END = 0x00;

  private static final int ESCAPE = 0x01;
  private static final int NULL = 0x08;
  private static final int FALSE = 0x10;
  private static final int TRUE = 0x18;

  /** The middle of the numbers: negative ones lie from 0x20 to 0x42, positive to 0x66. */
  private static final int ZERO = 0x43;

  private static final int STRING = 0x70;
  private static final int ARRAY = 0x78;
  private static final int OBJECT = 0x80;

  private static final int LEAST_SHORT_EXPONENT = -8;
  private static final int MOST_SHORT_EXPONENT = 24;
  private static final int TINY = 1;
  private static final int HUGE = 35;

  private final byte[] json;
  private final int end;
  private final ByteSink out;
  private int at;
  private int depth;

  CollationEncoder(byte[] json, int start, int end) {
    this.json = json;
    this.at = start;
    this.end = end;
    this.out = new ByteSink(end - start + 8);
  }

  /**
   * The encoding of a string that stands in it as it is in ASCII; null for one that has other
   * characters, or does not fit, which takes the way over JSON.
   */
  static byte @Nullable [] ofPlain(String string) {
    int length = string.length();
    if (length > JsonCollation.MAX_BYTES - 2) {
      return null;
    }
    byte[] encoded = new byte[length + 2];
    encoded[0] = STRING;
    for (int i = 0; i < length; i++) {
      char c = string.charAt(i);
      if (c <= ESCAPE || c > 0x7f) {
        return null;
      }
      encoded[1 + i] = (byte) c;
    }
    encoded[length + 1] = END;
    return encoded;
  }

  byte[] encode() {
    try {
      value();
    } catch (ArrayIndexOutOfBoundsException e) {
      throw new IllegalArgumentException("the text ends within a JSON value", e);
    }
    if (at != end) {
      throw new IllegalArgumentException("not one compact JSON value");
    }
    requireShort();
    return out.toArray();
  }

  private void value() {
    switch (json[at]) {
      case 'n' -> literal(NULL, 4);
      case 't' -> literal(TRUE, 4);
      case 'f' -> literal(FALSE, 5);
      case '"' -> string();
      case '[' -> array();
      case '{' -> object();
      default -> number();
    }
  }

  private void literal(int tag, int length) {
    out.put(tag);
    at += length;
  }

  private void array() {
    out.put(ARRAY);
    descend();
    at++;
    while (json[at] != ']') {
      value();
      if (json[at] == ',') {
        at++;
      }
      requireShort();
    }
    at++;
    depth--;
    out.put(END);
  }

  /** An object is written as the array of its names and values, sorted by the names. */
  private void object() {
    out.put(OBJECT);
    descend();
    at++;
    List<Member> members = new ArrayList<>();
    boolean sorted = true;
    while (json[at] != '}') {
      int start = out.length();
      string();
      int nameEnd = out.length();
      at++;
      value();
      Member member = new Member(start, nameEnd, out.length());
      sorted &= members.isEmpty() || compareNames(members.get(members.size() - 1), member) < 0;
      members.add(member);
      if (json[at] == ',') {
        at++;
      }
      requireShort();
    }
    if (!sorted) {
      sort(members);
    }
    at++;
    depth--;
    out.put(END);
  }

  /** Where the encoding of a member lies in the output. */
  private record Member(int start, int nameEnd, int end) {}

  private int compareNames(Member left, Member right) {
    return out.compare(left.start, left.nameEnd, right.start, right.nameEnd);
  }

  private void sort(List<Member> members) {
    int first = members.get(0).start;
    members.sort(this::compareNames);
    ByteSink ordered = new ByteSink(out.length() - first);
    for (Member member : members) {
      ordered.put(out.copy(member.start, member.end));
    }
    out.replace(first, ordered.toArray());
  }

  private void descend() {
    if (++depth > JsonCollation.MAX_DEPTH) {
      throw new InvalidRequestException(
          "key-too-deep", "a key is nested deeper than " + JsonCollation.MAX_DEPTH + " levels");
    }
  }

  private void requireShort() {
    if (out.length() > JsonCollation.MAX_BYTES) {
      throw new InvalidRequestException(
          "key-too-long",
          "a key takes more than the " + JsonCollation.MAX_BYTES + " bytes that can be indexed");
    }
  }

  private void string() {
    out.put(STRING);
    if (json[at] != '"') {
      throw new IllegalArgumentException("not compact JSON");
    }
    int start = ++at;
    while (json[at] != '"') {
      if (json[at] == '\\') {
        out.put(json, start, at);
        escaped();
        start = at;
      } else {
        at++;
      }
    }
    out.put(json, start, at);
    at++;
    out.put(END);
  }

  private void escaped() {
    int letter = json[at + 1];
    at += 2;
    switch (letter) {
      case 'b' -> codePoint('\b');
      case 'f' -> codePoint('\f');
      case 'n' -> codePoint('\n');
      case 'r' -> codePoint('\r');
      case 't' -> codePoint('\t');
      case 'u' -> codePoint(escapedCodePoint());
      default -> codePoint(letter);
    }
  }

  private int escapedCodePoint() {
    char unit = hexUnit();
    if (Character.isHighSurrogate(unit) && json[at] == '\\' && json[at + 1] == 'u') {
      int restart = at;
      at += 2;
      char next = hexUnit();
      if (Character.isLowSurrogate(next)) {
        return Character.toCodePoint(unit, next);
      }
      at = restart;
    }
    return unit;
  }

  private char hexUnit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      unit = unit << 4 | Character.digit(json[at++], 16);
    }
    return (char) unit;
  }

  /** UTF-8, with the two lowest code points moved out of the way of the terminator. */
  private void codePoint(int point) {
    if (point <= ESCAPE) {
      out.put(ESCAPE);
      out.put(point + 1);
    } else if (point < 0x80) {
      out.put(point);
    } else if (point < 0x800) {
      out.put(0xc0 | point >> 6);
      continuation(point, 0);
    } else if (point < 0x10000) {
      out.put(0xe0 | point >> 12);
      continuation(point, 6);
      continuation(point, 0);
    } else {
      out.put(0xf0 | point >> 18);
      continuation(point, 12);
      continuation(point, 6);
      continuation(point, 0);
    }
  }

  private void continuation(int point, int shift) {
    out.put(0x80 | point >> shift & 0x3f);
  }

  /**
   * A number is 0.d1d2d3… times ten to the power of an exponent, d1 not 0: first the exponent in
   * the tag, then the digits in pairs. All but the sign is complemented for a negative one.
   */
  private void number() {
    boolean negative = json[at] == '-';
    if (negative) {
      at++;
    }
    int digits = 0;
    int point = -1;
    int firstDigit = 0;
    int first = -1;
    int last = -1;
    for (; at < end; at++) {
      byte b = json[at];
      if (b == '.') {
        point = digits;
      } else if (b >= '0' && b <= '9') {
        if (b != '0') {
          if (first < 0) {
            first = at;
            firstDigit = digits;
          }
          last = at;
        }
        digits++;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw new IllegalArgumentException("not compact JSON");
    }
    boolean zero = first < 0;
    long power = exponent(zero);
    if (zero) {
      out.put(ZERO);
    } else {
      magnitude(negative, power + (point < 0 ? digits : point) - firstDigit, first, last);
    }
  }

  private void magnitude(boolean negative, long exponent, int first, int last) {
    boolean tiny = exponent < LEAST_SHORT_EXPONENT;
    boolean huge = exponent > MOST_SHORT_EXPONENT;
    int step = tiny ? TINY : huge ? HUGE : TINY + 1 - LEAST_SHORT_EXPONENT + (int) exponent;
    out.put(negative ? ZERO - step : ZERO + step);
    int start = out.length();
    if (tiny || huge) {
      out.putLong(exponent ^ Long.MIN_VALUE);
    }
    int pending = -1;
    for (int i = first; i <= last; i++) {
      if (json[i] == '.') {
        continue;
      }
      int digit = json[i] - '0';
      if (pending < 0) {
        pending = digit;
      } else {
        out.put(pending * 10 + digit + 1);
        pending = -1;
      }
    }
    if (pending >= 0) {
      out.put(pending * 10 + 1);
    }
    out.put(END);
    if (negative) {
      out.complementFrom(start);
    }
  }

  private long exponent(boolean zero) {
    if (at >= end || (json[at] | 0x20) != 'e') {
      return 0;
    }
    at++;
    boolean negative = json[at] == '-';
    if (negative || json[at] == '+') {
      at++;
    }
    long power = 0;
    boolean tooLarge = false;
    for (; at < end && json[at] >= '0' && json[at] <= '9'; at++) {
      tooLarge |= power >= 100_000_000_000_000_000L;
      power = tooLarge ? 0 : power * 10 + json[at] - '0';
    }
    if (tooLarge && !zero) {
      throw new InvalidRequestException(
          "key-too-large", "the exponent of a number in a key has more than 18 digits");
    }
    return negative ? -power : power;
  }
}
