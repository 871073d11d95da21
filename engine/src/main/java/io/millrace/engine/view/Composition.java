package io.millrace.engine.view;

import io.millrace.api.document.Revision;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewArguments;
import io.millrace.api.view.ViewMethod;
import io.millrace.api.view.ViewMethod.ChangedRows;
import io.millrace.engine.revision.RevisionDigest;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What makes one query fit to be the input of another. */
final class Composition {
  /** The method whose rows are the input. */
  private static final String ROWS = "rows";

  /** The parameter of {@link #ROWS} that turns reducing off. */
  private static final String REDUCE = "reduce";

  private Composition() {}

  /** How the rows of {@code view} that are its default are found by documents; null if not. */
  static @Nullable ChangedRows rowsOf(View view) {
    return view.methods().get(ROWS) instanceof ViewMethod.Source source ? source.changed() : null;
  }

  /** How to ask {@code view} for its rows even if it reduces them unless told otherwise. */
  static ViewArguments plainRows(View view) {
    ViewMethod rows = view.methods().get(ROWS);
    return rows != null && rows.parameters().contains(REDUCE)
        ? ViewArguments.none().with(REDUCE, "false")
        : ViewArguments.none();
  }

  /** What names the definition of a query together with all that its input comes from. */
  static Revision lineage(Revision definition, @Nullable Query parent) {
    return parent == null
        ? definition
        : new RevisionDigest()
            .next(
                parent.lineage(), false, definition.toString().getBytes(StandardCharsets.US_ASCII));
  }

  static InvalidDefinitionException notFollowed(String parent) {
    return new InvalidDefinitionException(
        "from: the rows of the query "
            + parent
            + " cannot be found by document, so they cannot be the input of another");
  }

  static InvalidDefinitionException everyChange(String parent) {
    return new InvalidDefinitionException(
        "from: this query needs every change of its documents, and the query "
            + parent
            + " has rows of the newest ones only");
  }

  static InvalidDefinitionException unknown(String parent) {
    return new InvalidDefinitionException("from: there is no query called " + parent);
  }

  static InvalidDefinitionException itself(String name, String parent) {
    return new InvalidDefinitionException(
        name.equals(parent)
            ? "from: a query cannot have its own rows as its input"
            : "from: the input of the query " + parent + " comes from " + name + " itself");
  }
}
