package io.millrace.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.api.error.CorruptionException;
import io.millrace.api.error.MillraceException;
import io.millrace.api.error.UnavailableException;
import io.millrace.api.error.UnsupportedException;
import io.millrace.tck.Seed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersFileTest {
  private static final List<KnownPeer> PEERS =
      List.of(
          new KnownPeer("box2", "tcp://box2:1445", null, null, Selection.ALL, false, false),
          new KnownPeer(
              "büro",
              null,
              "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7",
              new UUID(1, 2),
              new Selection(List.of("films", "m*"), true),
              true,
              true));

  @TempDir Path folder;

  @Test
  void whatIsSavedIsLoaded() {
    PeersFile file = new PeersFile(folder);
    assertThat(file.load()).isEmpty();
    file.save(PEERS);
    assertThat(new PeersFile(folder).load()).isEqualTo(PEERS);
    file.save(List.of());
    assertThat(file.load()).isEmpty();
  }

  @Test
  void aDamagedFileIsRefusedWithItsPlace() throws IOException {
    Seed seed = Seed.next();
    Random random = seed.random();
    new PeersFile(folder).save(PEERS);
    Path file = folder.resolve("peers.json");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 500; i++) {
      byte[] damaged = whole.clone();
      if (random.nextBoolean()) {
        damaged = Arrays.copyOf(whole, random.nextInt(whole.length));
      } else {
        // Another printable character, which leaves most of it JSON.
        int at = random.nextInt(whole.length);
        damaged[at] = (byte) (damaged[at] == 'x' ? 'y' : 'x');
      }
      Files.write(file, damaged);
      byte[] now = damaged;
      try {
        assertThat(new PeersFile(folder).load())
            .as("%s: %s", seed, new String(now, StandardCharsets.UTF_8))
            .isEqualTo(PEERS);
      } catch (MillraceException e) {
        assertThat(e)
            .isInstanceOfAny(CorruptionException.class, UnsupportedException.class)
            .hasMessageContaining(file.toString());
      }
    }
    Files.writeString(file, "[]");
    assertThatThrownBy(() -> new PeersFile(folder).load()).isInstanceOf(CorruptionException.class);
  }

  @Test
  void aLaterFormatIsRefused() throws IOException {
    new PeersFile(folder).save(PEERS);
    Path file = folder.resolve("peers.json");
    Files.writeString(file, Files.readString(file).replace("\"format\" : 1", "\"format\" : 2"));
    assertThatThrownBy(() -> new PeersFile(folder).load())
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("has format 2");
  }

  @Test
  void aFolderThatCannotBeWrittenIsTold() {
    assertThatThrownBy(() -> new PeersFile(folder.resolve("missing")).save(PEERS))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("peers.json");
  }
}
