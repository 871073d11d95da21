package io.millrace.distribution;

import io.millrace.spi.Modules;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.TransportProvider.KeyPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The keys of some servers that know each other, each in a file. */
record ReplicationKeys(Path folder, List<String> publicKeys) {
  /** Those in {@code folder}, made if they are not there. */
  static ReplicationKeys of(Path folder, int members) throws IOException {
    Path known = folder.resolve("public-keys");
    if (!Files.exists(known)) {
      TransportProvider transport =
          Modules.find("transport", TransportProvider.class, ReplicationKeys.class.getClassLoader())
              .named("zmq");
      List<String> keys = new ArrayList<>();
      for (int i = 0; i < members; i++) {
        KeyPair pair = transport.generateKeys();
        Files.writeString(secret(folder, i), pair.secretKey());
        keys.add(pair.publicKey());
      }
      Files.write(known, keys);
    }
    return new ReplicationKeys(folder, Files.readAllLines(known));
  }

  private static Path secret(Path folder, int member) {
    return folder.resolve("secret-key-" + member);
  }

  /** Gives a server its own key, and those of all others. */
  ServerProcess.Builder give(int member, ServerProcess.Builder server) {
    return server
        .with("millrace.replication.zmq.secret-key-file", secret(folder, member).toString())
        .with(
            "millrace.replication.zmq.allowed-keys-file", folder.resolve("public-keys").toString());
  }
}
