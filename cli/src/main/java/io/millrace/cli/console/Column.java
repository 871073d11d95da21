package io.millrace.cli.console;

/**
 * A column of a {@link Table}, as its heading says it. The letters before the name: {@code ?} when
 * the column may be left out where there is no room, {@code #} for numbers, which stand to the
 * right, {@code @} for times and {@code *} for revisions and digests, both of which can be
 * shortened.
 */
record Column(String name, boolean optional, Kind kind) {
  /** What stands in it. */
  enum Kind {
    TEXT,
    NUMBER,
    TIME,
    NAME
  }

  /** How much room is taken, the widest first. */
  enum Form {
    /** 2026-05-01T12:00:00.123Z. */
    WHOLE(Integer.MAX_VALUE, Integer.MAX_VALUE, 40),
    /** 2026-05-01 12:00:00; 2-686d9886… */
    SECONDS(19, 11, 24),
    /** 2026-05-01 12:00; 2-686d9886… */
    MINUTES(16, 11, 14),
    /** 2026-05-01; 2-686d… */
    DAY(10, 7, 14);

    private final int time;
    private final int name;
    private final int text;

    Form(int time, int name, int text) {
      this.time = time;
      this.name = name;
      this.text = text;
    }

    /** Down to here texts may be narrowed. */
    int leastText() {
      return text;
    }
  }

  static Column of(String heading) {
    boolean optional = heading.startsWith("?");
    String rest = optional ? heading.substring(1) : heading;
    Kind kind =
        switch (rest.isEmpty() ? ' ' : rest.charAt(0)) {
          case '#' -> Kind.NUMBER;
          case '@' -> Kind.TIME;
          case '*' -> Kind.NAME;
          default -> Kind.TEXT;
        };
    return new Column(kind == Kind.TEXT ? rest : rest.substring(1), optional, kind);
  }

  /** The text of a cell in a form. */
  String shortened(String cell, Form form) {
    if (kind == Kind.TIME && cell.length() > form.time) {
      return cell.substring(0, form.time).replace('T', ' ');
    }
    if (kind == Kind.NAME && cell.length() > form.name) {
      return cell.substring(0, form.name - 1) + '…';
    }
    return cell;
  }
}
