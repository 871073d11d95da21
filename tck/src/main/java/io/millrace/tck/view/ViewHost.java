package io.millrace.tck.view;

import io.millrace.api.document.Body;
import io.millrace.api.store.Store;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.FoldProvider;
import io.millrace.spi.Meters;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Modules;
import io.millrace.spi.Settings;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A store with the open module: what stands in for a database. */
final class ViewHost implements AutoCloseable {
  private final ViewTck tck;
  private final Store store;
  private final String type;
  private final ViewFactory factory;
  private final List<HostedView> views = new ArrayList<>();

  private ViewHost(ViewTck tck, Store store, String type, ViewFactory factory) {
    this.tck = tck;
    this.store = store;
    this.type = type;
    this.factory = factory;
  }

  static ViewHost open(ViewTck tck, Store store, Path folder, Clock clock, Random random) {
    ViewProvider provider = tck.provider();
    String prefix = "millrace.view." + provider.name() + ".";
    ModuleContext context =
        new ModuleContext(
            folder.resolveSibling("module"),
            clock,
            random,
            Meters.none(),
            Modules.of("store", List.of()),
            Modules.find("fold", FoldProvider.class, tck.getClass().getClassLoader()));
    Settings settings = Settings.parse(prefix, provider.settings(), tck.settings());
    return new ViewHost(tck, store, provider.name(), provider.open(settings, context));
  }

  Store store() {
    return store;
  }

  ViewFactory factory() {
    return factory;
  }

  ViewDefinition definition(ViewExample example) {
    return example.definition(type);
  }

  ViewDefinition definition(ViewExample example, String members) {
    return example.definition(type, ViewExample.members(members));
  }

  /** A new build of a view, open. */
  HostedView view(ViewExample example) {
    HostedView view = new HostedView(this, example, views.size());
    views.add(view);
    return view;
  }

  /** A random document for {@code example}. */
  Body body(ViewExample example, Random random) {
    return example.document(random, tck::document);
  }

  @Override
  public void close() {
    views.forEach(HostedView::close);
    factory.close();
    store.close();
  }
}
