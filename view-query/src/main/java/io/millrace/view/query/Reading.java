package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.api.document.Document;
import io.millrace.api.range.Cursor;
import io.millrace.api.store.StoreReader;
import io.millrace.api.view.DocumentError;
import io.millrace.api.view.Documents;
import io.millrace.api.view.PathIndex;
import io.millrace.api.view.Row;
import io.millrace.view.index.filter.JsonOrder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Opens answers. Nothing is read before the first result is asked for. */
final class Reading {
  private final Documents documents;
  private final StoreReader reader;
  private final QueryLimits limits;

  Reading(Documents documents, StoreReader reader, QueryLimits limits) {
    this.documents = documents;
    this.reader = reader;
    this.limits = limits;
  }

  /**
   * The answer that {@code plan} gives.
   *
   * @param errors the documents that the indexes lack; null when they lack none
   */
  Cursor<Row> open(Plan plan, @Nullable Supplier<Cursor<DocumentError>> errors) {
    Question question = plan.question();
    Pipeline pipeline = plan.pipeline();
    boolean counts = pipeline.gathering() != null;
    long skipped = question.after() instanceof Place.Counted counted ? counted.results() : 0;
    if (counts && question.after() != null && skipped == 0) {
      throw Refused.parameter("after", "does not belong to this question; begin anew");
    }
    List<DocumentSource<?>> sources = sources(plan, errors);
    return answer(pipeline, sources, counts || skipped > 0, skipped, question.limit());
  }

  /**
   * What filters and maps make of some documents, one after the other.
   *
   * @param places where the documents are found
   */
  Cursor<Row> open(
      Question question, Collection<String> documentIds, Function<Document, byte[]> places) {
    DocumentSource<String> some =
        DocumentSource.ofIds(List.copyOf(documentIds).iterator(), documents, reader, places);
    return answer(question.pipeline(), List.of(some), false, 0, Long.MAX_VALUE);
  }

  private Cursor<Row> answer(
      Pipeline pipeline,
      List<DocumentSource<?>> sources,
      boolean counts,
      long skipped,
      long limit) {
    Stage.Source found = DocumentSource.joined(sources);
    Stage.Source readable = pipeline.stages().isEmpty() ? found : () -> readable(found);
    long most = limit > Long.MAX_VALUE - skipped ? Long.MAX_VALUE : skipped + limit;
    Stage.Source results = pipeline.over(readable, limits, most);
    return new Answer(results, sources, counts, skipped, limit);
  }

  /** A document with a number that cannot be computed is in no result that has to look into it. */
  private static @Nullable Item readable(Stage.Source found) {
    Item item = found.next();
    while (item != null && !item.isReadable()) {
      item = found.next();
    }
    return item;
  }

  private List<DocumentSource<?>> sources(
      Plan plan, @Nullable Supplier<Cursor<DocumentError>> errors) {
    Assessment chosen = plan.chosen();
    Place after = plan.question().after();
    if (chosen == null) {
      String behind = after instanceof Place.AtDocument place ? place.id() : null;
      return List.of(DocumentSource.ofAll(documents, reader, behind, plan.isReadReversed()));
    }
    List<DocumentSource<?>> sources = new ArrayList<>();
    String name = chosen.option().name();
    String behind = after instanceof Place.BehindIndex place ? place.id() : null;
    if (behind == null) {
      boolean reverse = plan.isReadReversed();
      PathIndex.Range range = range(chosen, after, reverse);
      Predicate<Row> wanted =
          after instanceof Place.InIndex place
              ? DocumentSource.behind(place, reverse)
              : row -> true;
      PathIndex index = chosen.option().index();
      sources.add(
          DocumentSource.ofRows(
              () -> index.read(range, reverse, reader), name, documents, reader, wanted));
    }
    if (errors != null) {
      sources.add(DocumentSource.ofErrors(errors, name, documents, reader, behind));
    }
    return sources;
  }

  /** The range of the index, without what certainly lies before the place to go on at. */
  private static PathIndex.Range range(Assessment chosen, @Nullable Place after, boolean reverse) {
    PathIndex.Range range = chosen.range();
    JsonNode value = after instanceof Place.InIndex place ? value(chosen, place.key()) : null;
    if (value == null) {
      return range;
    }
    JsonNode from = range.from();
    JsonNode to = range.to();
    if (reverse) {
      to = to == null || JsonOrder.INSTANCE.compare(value, to) < 0 ? value : to;
    } else {
      from = from == null || JsonOrder.INSTANCE.compare(value, from) > 0 ? value : from;
    }
    return new PathIndex.Range(range.equal(), from, to);
  }

  /** The value of a row's key at the path behind those that must be equal; null when not known. */
  private static @Nullable JsonNode value(Assessment chosen, JsonNode key) {
    int paths = chosen.option().index().paths().size();
    int at = chosen.range().equal().size();
    if (at >= paths) {
      return null;
    }
    if (paths == 1) {
      // An array may be the value itself, or that of the one path in it.
      return key.isArray() ? null : key;
    }
    return key.isArray() ? key.get(at) : null;
  }
}
