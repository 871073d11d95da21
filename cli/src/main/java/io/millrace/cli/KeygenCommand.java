package io.millrace.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.error.UnavailableException;
import io.millrace.cli.console.CommonOptions;
import io.millrace.cli.console.ExitCodes;
import io.millrace.cli.console.Surroundings;
import io.millrace.spi.Modules;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.TransportProvider.KeyPair;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes the keys with which a server encrypts what it says to its peers. */
@Command(
    name = "keygen",
    description = {
      "Makes a pair of keys for replication: writes the secret key to FILE, which must not exist and",
      "which nobody else may read, and prints the public key, which the peers have to know."
    })
final class KeygenCommand implements Callable<Integer> {
  @Mixin private final CommonOptions options = new CommonOptions();
  private final Surroundings surroundings;

  @Parameters(paramLabel = "FILE", description = "Where the secret key goes.")
  private Path file = Path.of("");

  @Option(
      names = "--type",
      paramLabel = "NAME",
      description = "The transport that the keys are for; zmq by default.")
  private String type = "zmq";

  KeygenCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    ClassLoader loader = KeygenCommand.class.getClassLoader();
    TransportProvider transport =
        Modules.find("transport", TransportProvider.class, loader).named(type);
    KeyPair keys = transport.generateKeys();
    Path secret = surroundings.folder().resolve(file);
    write(secret, keys);
    if (options.json()) {
      ObjectNode json = CommonOptions.object();
      json.put("public_key", keys.publicKey());
      json.put("secret_key_file", secret.toString());
      surroundings.out().println(json);
    } else {
      surroundings.out().println(keys.publicKey());
    }
    return ExitCodes.DONE;
  }

  private static void write(Path file, KeyPair keys) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    FileAttribute<?>[] ownerOnly =
        posix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    try {
      Files.createFile(file, ownerOnly);
      Files.write(
          file,
          (keys.secretKey() + '\n').getBytes(StandardCharsets.US_ASCII),
          StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException e) {
      throw new InvalidRequestException(
          "file-exists", file + " exists; a key is never overwritten", e);
    } catch (IOException e) {
      throw new UnavailableException("no-key-file", file + " cannot be written: " + e, e);
    }
  }
}
