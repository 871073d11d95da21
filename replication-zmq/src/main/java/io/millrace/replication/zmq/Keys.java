package io.millrace.replication.zmq;

import com.neilalexander.jnacl.crypto.curve25519;
import io.millrace.spi.TransportProvider.KeyPair;
import java.util.LinkedHashSet;
import java.util.Set;
import org.zeromq.ZMQ.Curve;

/**
 * The keys of one server for CURVE, of 32 bytes each. In texts they are 40 letters of Z85.
 *
 * @param publicKey what the others have to know
 * @param secretKey what nobody else may know
 */
record Keys(byte[] publicKey, byte[] secretKey) {
  static final int BYTES = 32;
  static final int LETTERS = 40;

  /** The letters of Z85, ZeroMQ's RFC 32. */
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

  static Keys generate() {
    Curve.KeyPair pair = Curve.generateKeyPair();
    return ofSecret(Curve.z85Decode(pair.secretKey));
  }

  /** The public key follows from the secret one. */
  static Keys ofSecret(byte[] secretKey) {
    byte[] publicKey = new byte[BYTES];
    curve25519.crypto_scalarmult_base(publicKey, secretKey);
    return new Keys(publicKey, secretKey);
  }

  KeyPair asTexts() {
    return new KeyPair(text(publicKey), text(secretKey));
  }

  static String text(byte[] key) {
    return Curve.z85Encode(key);
  }

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when it is none; the message does not repeat it
   */
  static byte[] parse(String text) {
    if (text.length() != LETTERS || text.chars().anyMatch(letter -> ALPHABET.indexOf(letter) < 0)) {
      throw new IllegalArgumentException("not a key of " + LETTERS + " letters of Z85");
    }
    // Five letters can say more than four bytes hold.
    byte[] key = Curve.z85Decode(text);
    if (!text(key).equals(text)) {
      throw new IllegalArgumentException("not a key of " + LETTERS + " letters of Z85");
    }
    return key;
  }

  /** Reads public keys that are separated by commas or spaces, neither of which is in Z85. */
  static Set<String> publicKeys(String text) {
    Set<String> keys = new LinkedHashSet<>();
    for (String key : text.split("[,\\s]+")) {
      if (!key.isEmpty()) {
        parse(key);
        keys.add(key);
      }
    }
    return keys;
  }

  /** Does not tell the secret. */
  @Override
  public String toString() {
    return text(publicKey);
  }
}
