package io.millrace.engine;

import io.millrace.api.Database;
import java.nio.file.Path;

/**
 * Opens databases.
 *
 * <pre>{@code
 * try (Database database = Millrace.open(Path.of("data"))) {
 *   Bucket films = database.bucket("films");
 *   films.put("alien", Base.absent(), Body.parse("{\"year\":1979}"), Attribution.none())
 *       .toCompletableFuture().join();
 *   System.out.println(films.get("alien").orElseThrow().body());
 * }
 * }</pre>
 */
public final class Millrace {
  private Millrace() {}

  /** Opens the database in {@code folder} with the usual modules, made if nothing is there. */
  public static Database open(Path folder) {
    return in(folder).open();
  }

  /** Begins to open the database in {@code folder} with choices of one's own. */
  public static MillraceBuilder in(Path folder) {
    return new MillraceBuilder(folder);
  }
}
