package io.millrace.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.tck.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineChunksTest {
  private final List<LineChunks.Chunk> chunks = new ArrayList<>();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(LineChunks.Chunk chunk) {
    return new String(chunk.lines(), StandardCharsets.UTF_8);
  }

  @Test
  void chunksAreCutAfterEnoughLines() {
    LineChunks lines = new LineChunks(2, 1000, 100, chunks::add);
    lines.add(bytes("a\nb\nc\nd"));
    lines.end();
    assertThat(chunks).extracting(LineChunksTest::text).containsExactly("a\nb\n", "c\nd");
    assertThat(chunks).extracting(LineChunks.Chunk::firstLine).containsExactly(1L, 3L);
  }

  @Test
  void chunksAreCutAfterEnoughBytes() {
    LineChunks lines = new LineChunks(1000, 5, 100, chunks::add);
    lines.add(bytes("aa\nbb\ncc\ndd\n"));
    lines.end();
    assertThat(chunks).extracting(LineChunksTest::text).containsExactly("aa\nbb\n", "cc\ndd\n");
  }

  @Test
  void lineThatIsTooLongEndsEverything() {
    LineChunks lines = new LineChunks(1000, 1000, 5, chunks::add);
    lines.add(bytes("a\nb\ncccc"));
    lines.add(bytes("cccc"));
    lines.add(bytes("\nd\n"));
    lines.end();
    assertThat(chunks).extracting(LineChunksTest::text).containsExactly("a\nb\n", "");
    assertThat(chunks.get(1).tooLong()).isTrue();
    assertThat(chunks.get(1).firstLine()).isEqualTo(3);
  }

  @Test
  void howTheBytesArriveChangesNothing() {
    Seed seed = Seed.next();
    Random random = seed.random();
    for (int round = 0; round < 300; round++) {
      StringBuilder whole = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        whole
            .append("x".repeat(random.nextInt(12)))
            .append(i == 1 && random.nextBoolean() ? "" : "\n");
      }
      chunks.clear();
      LineChunks lines =
          new LineChunks(1 + random.nextInt(5), 1 + random.nextInt(40), 100, chunks::add);
      byte[] input = bytes(whole.toString());
      for (int at = 0; at < input.length; ) {
        int end = Math.min(input.length, at + 1 + random.nextInt(9));
        lines.add(Arrays.copyOfRange(input, at, end));
        at = end;
      }
      lines.end();
      StringBuilder together = new StringBuilder();
      for (LineChunks.Chunk chunk : chunks) {
        long before = together.chars().filter(c -> c == '\n').count();
        assertThat(chunk.firstLine()).as("%s", seed).isEqualTo(before + 1);
        together.append(text(chunk));
      }
      assertThat(together.toString()).as("%s", seed).isEqualTo(whole.toString());
    }
  }
}
