package io.millrace.view.query;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.view.index.filter.Filter;
import java.util.Iterator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One stage of a question. Immutable. */
sealed interface Stage {
  /** Whether it needs all items before it gives the first. */
  boolean gathers();

  /** What comes out of it when {@code items} go in. */
  Source over(Source items, QueryLimits limits);

  /** Items, one after the other. For one thread. */
  @FunctionalInterface
  interface Source {
    /** The next one; null when there are no more. */
    @Nullable Item next();
  }

  /** Lets pass what matches. */
  record Filtering(Filter filter) implements Stage {
    @Override
    public boolean gathers() {
      return false;
    }

    @Override
    public Source over(Source items, QueryLimits limits) {
      return () -> {
        Item item = items.next();
        while (item != null && !item.matches(filter)) {
          item = items.next();
        }
        return item;
      };
    }
  }

  /** Makes something of each; what is missing then is left out. */
  record Mapping(Expression expression) implements Stage {
    @Override
    public boolean gathers() {
      return false;
    }

    @Override
    public Source over(Source items, QueryLimits limits) {
      return () -> {
        for (Item item = items.next(); item != null; item = items.next()) {
          JsonNode made = expression.of(item.value());
          if (!made.isMissingNode()) {
            return item.with(made);
          }
        }
        return null;
      };
    }
  }

  /** Makes one of all, or one of each group. */
  record Reducing(Reduction.Whole reduction, String place) implements Stage {
    @Override
    public boolean gathers() {
      return true;
    }

    @Override
    public Source over(Source items, QueryLimits limits) {
      return new Gathering(
          () -> {
            Reduction.Groups groups = reduction.begin(new Budget(place, limits));
            for (Item item = items.next(); item != null; item = items.next()) {
              groups.add(item.value());
            }
            return groups.results().stream().map(Item::of).iterator();
          });
    }
  }

  /** Puts them in order. */
  record Sorting(SortRule rule, String place) implements Stage {
    @Override
    public boolean gathers() {
      return true;
    }

    @Override
    public Source over(Source items, QueryLimits limits) {
      return over(items, limits, Long.MAX_VALUE);
    }

    /** The same when no more than {@code most} of what comes out will be asked for. */
    Source over(Source items, QueryLimits limits, long most) {
      return new Gathering(() -> rule.sort(items, most, new Budget(place, limits)));
    }
  }

  /** What is gathered when the first is asked for. */
  final class Gathering implements Source {
    private final Supplier<Iterator<Item>> gather;
    private @Nullable Iterator<Item> gathered;

    Gathering(Supplier<Iterator<Item>> gather) {
      this.gather = gather;
    }

    @Override
    public @Nullable Item next() {
      Iterator<Item> items = gathered;
      if (items == null) {
        items = gather.get();
        gathered = items;
      }
      return items.hasNext() ? items.next() : null;
    }
  }
}
