package io.millrace.view.reduce;

import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.Modules;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.view.script.ScriptLimits;
import io.millrace.view.script.ScriptPool;
import java.util.Objects;

/** Opens views of both forms, and holds the threads that all folds in JavaScript share. */
final class ReduceViewFactory implements ViewFactory {
  private final Modules<FoldProvider> folds;
  private final ScriptPool pool;

  ReduceViewFactory(ScriptLimits limits, Meters meters, Modules<FoldProvider> folds) {
    this.folds = folds;
    this.pool = new ScriptPool("reduce", limits, meters);
  }

  @Override
  public void validate(ViewDefinition definition) {
    if (isFold(definition)) {
      FoldDefinition fold = FoldDefinition.of(definition, folds);
      if (fold.script() != null) {
        pool.check(fold.script(), "fold");
      }
    } else {
      GroupDefinition.of(definition);
    }
  }

  @Override
  public View open(ViewDefinition definition, ViewContext context) {
    if (!isFold(definition)) {
      return new GroupView(GroupDefinition.of(definition), context);
    }
    FoldDefinition fold = FoldDefinition.of(definition, folds);
    return new FoldView(run(fold), fold.initial(), context);
  }

  private FoldRun run(FoldDefinition fold) {
    if (fold.script() != null) {
      return new ScriptFold(pool, fold.script());
    }
    return new JavaFold(Objects.requireNonNull(fold.fold()));
  }

  /** Whether the definition is that of a fold; one of the two forms it must be. */
  private static boolean isFold(ViewDefinition definition) {
    boolean fold = definition.members().has("fold");
    boolean aggregates = definition.members().has("aggregates");
    if (fold == aggregates) {
      throw new InvalidDefinitionException(
          fold
              ? "members 'fold' and 'aggregates' cannot be given together"
              : "member 'fold' or 'aggregates' is needed: a function over all changes, or what is"
                  + " computed of groups of documents");
    }
    return fold;
  }

  @Override
  public void close() {
    pool.close();
  }
}
