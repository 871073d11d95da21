package io.millrace.sync;

import io.millrace.api.error.InvalidRequestException;
import io.millrace.api.store.Store;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.StoreProvider;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The choices with which {@link SyncedDocuments} are opened. For one thread. */
public final class SyncedDocumentsBuilder {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

  private final @Nullable Path folder;
  private final @Nullable Store given;
  private String name = "sync";
  private String storeType = "rocksdb";
  private Map<String, String> storeSettings = Map.of();
  private ClassLoader classLoader = SyncedDocumentsBuilder.class.getClassLoader();
  private Clock clock = Clock.systemUTC();
  private @Nullable Boolean flushes;
  SyncMode mode = SyncMode.PLAIN;
  RandomGenerator random = new SecureRandom();

  SyncedDocumentsBuilder(@Nullable Path folder, @Nullable Store given) {
    this.folder = folder;
    this.given = given;
  }

  /** What the documents are for; plain by default. */
  public SyncedDocumentsBuilder mode(SyncMode theMode) {
    mode = theMode;
    return this;
  }

  /**
   * Tells several sets of documents in one store apart: a lower-case letter and up to 63 of {@code
   * a-z 0-9 _ -}. One at a time may be open under each name.
   */
  public SyncedDocumentsBuilder name(String theName) {
    if (!NAME.matcher(theName).matches()) {
      throw new InvalidRequestException(
          "invalid-name", "name must be a lower-case letter and up to 63 of a-z 0-9 _ -");
    }
    name = theName;
    return this;
  }

  /** The store module of a folder; {@code rocksdb} by default. */
  public SyncedDocumentsBuilder store(String type, Map<String, String> settings) {
    storeType = type;
    storeSettings = Map.copyOf(settings);
    return this;
  }

  /**
   * Whether a write returns only when it is durable: yes in a folder, no over a store of one's own,
   * unless it is said here.
   */
  public SyncedDocumentsBuilder flushEachWrite(boolean flush) {
    flushes = flush;
    return this;
  }

  /** Where store modules are looked for. */
  public SyncedDocumentsBuilder classLoader(ClassLoader loader) {
    classLoader = loader;
    return this;
  }

  /** Given to the store module. */
  public SyncedDocumentsBuilder clock(Clock theClock) {
    clock = theClock;
    return this;
  }

  /** Makes the mark of a new server; must be safe for use by many threads. */
  public SyncedDocumentsBuilder random(RandomGenerator theRandom) {
    random = theRandom;
    return this;
  }

  boolean flushesEachWrite() {
    return flushes == null ? given == null : flushes;
  }

  /**
   * Opens the documents.
   *
   * @throws InvalidRequestException when they were made in another mode (code {@code wrong-mode})
   *     or with another store (code {@code wrong-store})
   * @throws io.millrace.api.error.UnavailableException when the folder is open elsewhere (code
   *     {@code folder-in-use})
   */
  public SyncedDocuments open() {
    if (given != null) {
      return new SyncedDocuments(this, new Keyspaces(given, name), () -> {});
    }
    if (folder == null) {
      throw new IllegalStateException("neither a folder nor a store");
    }
    Modules<StoreProvider> stores = Modules.find("store", StoreProvider.class, classLoader);
    StoreProvider provider = stores.named(storeType);
    Map<String, String> chosen = new HashMap<>(storeSettings);
    // What is written here is not written anywhere else, as the records of a log in a store.
    chosen.putAll(provider.logSettings());
    Settings settings =
        Settings.parse("millrace.store." + storeType + ".", provider.settings(), chosen);
    FolderClaim claim = FolderClaim.take(folder, storeType);
    try {
      Path place = folder.resolve("store");
      Store store = provider.open(settings, new ModuleContext(place, clock, random, Meters.none()));
      try {
        return new SyncedDocuments(
            this,
            new Keyspaces(store, name),
            () -> {
              try (claim;
                  store) {
                store.flush();
              }
            });
      } catch (RuntimeException | Error e) {
        store.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      claim.close();
      throw e;
    }
  }
}
