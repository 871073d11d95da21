package io.millrace.tck.faults;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What is done in a process of its own. */
public final class ChildTask {
  static final String WRITE = "write";
  static final String FULL_DISK = "full-disk";
  static final String READ_ONLY = "read-only";
  static final String FEW_HANDLES = "few-handles";
  static final String SECOND = "second";

  /** The most batches that are written without a force. */
  static final int MOST_UNFORCED = 40;

  private final OutputStream out = new FileOutputStream(FileDescriptor.out);
  private final Path folder;
  private final List<String> numbers;
  private final Subject subject;

  private ChildTask(Path folder, List<String> numbers, Subject subject) {
    this.folder = folder;
    this.numbers = numbers;
    this.subject = subject;
  }

  /** The arguments after the name of the task. */
  static List<String> arguments(Path folder, List<Integer> numbers, Subject subject) {
    List<String> arguments = new ArrayList<>();
    arguments.add(folder.toString());
    arguments.add(String.join(",", numbers.stream().map(String::valueOf).toList()));
    arguments.addAll(subject.arguments());
    return arguments;
  }

  /** The process. */
  public static void main(String[] arguments) throws IOException {
    List<String> all = List.of(arguments);
    ChildTask task =
        new ChildTask(
            Path.of(all.get(1)),
            List.of(all.get(2).split(",")),
            Subject.parse(all.subList(3, all.size())));
    try {
      task.run(all.get(0));
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
    Runtime.getRuntime().halt(0);
  }

  private void run(String name) throws IOException {
    switch (name) {
      case WRITE -> write(number(0), number(1), number(2));
      case FULL_DISK -> new FullDisk(subject, folder, number(0), number(1)).run();
      case READ_ONLY -> {
        new Attempt(subject, folder, number(0)).run();
        new Attempt(subject, folder.resolveSibling("new"), 0).run();
      }
      case FEW_HANDLES -> new FewHandles(subject, folder, number(0), number(1) > 0).run();
      case SECOND -> say(Attempt.refusal(subject, folder));
      default -> throw new IllegalArgumentException(name);
    }
  }

  private int number(int index) {
    return Integer.parseInt(numbers.get(index));
  }

  /** In one write, so that it is said as a whole or not at all. */
  private void say(Object what) throws IOException {
    out.write((what + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Writes the batches from {@code first} to {@code last}, says after each force how far it came,
   * and waits for its end.
   */
  private void write(int first, int last, int mostUnforced) throws IOException {
    Session session = subject.open(folder);
    say(first - 1);
    Random random = new Random(first);
    int done = first - 1;
    while (done < last) {
      int next = Math.min(last, done + 1 + random.nextInt(mostUnforced));
      while (done < next) {
        session.write(++done);
      }
      session.force();
      say(done);
    }
    while (System.in.read() >= 0) {
      // Nobody writes to it; it ends with this process.
    }
  }
}
