package io.millrace.tck.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.api.view.InvalidDefinitionException;
import io.millrace.api.view.View;
import io.millrace.api.view.ViewDefinition;
import io.millrace.spi.ModuleContext;
import io.millrace.spi.Setting;
import io.millrace.spi.Settings;
import io.millrace.spi.SpiVersion;
import io.millrace.spi.ViewContext;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes views of the strings in one member of the documents: right ones, or wrong in one way. */
public final class PlainProvider implements ViewProvider {
  private final @Nullable Flaw flaw;

  PlainProvider(@Nullable Flaw flaw) {
    this.flaw = flaw;
  }

  @Override
  public String name() {
    return "plain";
  }

  @Override
  public int spiVersion() {
    return SpiVersion.CURRENT;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<Setting<?>> settings() {
    return List.of();
  }

  @Override
  public ViewFactory open(Settings settings, ModuleContext context) {
    return new Factory(flaw, context);
  }

  private static final class Factory implements ViewFactory {
    private final @Nullable Flaw flaw;
    private final ModuleContext context;
    private final Set<String> refused = new HashSet<>();

    /** What all views have met; of use only to a wrong one. */
    private final List<String> met = new ArrayList<>();

    Factory(@Nullable Flaw flaw, ModuleContext context) {
      this.flaw = flaw;
      this.context = context;
    }

    @Override
    public void validate(ViewDefinition definition) {
      if (flaw == Flaw.VALIDATES_WHAT_OPEN_REFUSES
          || (flaw == Flaw.REFUSES_ONLY_ONCE && refused.contains(definition.members() + ""))) {
        return;
      }
      refused.add(definition.members() + "");
      field(definition);
      if (flaw == Flaw.CHANGES_THE_DEFINITION) {
        definition.members().put("checked", true);
      }
    }

    private String field(ViewDefinition definition) {
      ObjectNode members = definition.members();
      List<String> names = new ArrayList<>();
      members.fieldNames().forEachRemaining(names::add);
      names.removeAll(List.of("field", "checked"));
      if (!names.isEmpty() && flaw != Flaw.IGNORES_UNKNOWN_MEMBERS) {
        throw new InvalidDefinitionException("members " + names + " are not known");
      }
      if (!members.path("field").isTextual()) {
        throw new InvalidDefinitionException("member 'field' must name a member");
      }
      return members.path("field").textValue();
    }

    @Override
    public View open(ViewDefinition definition, ViewContext view) {
      if (flaw == Flaw.VALIDATES_WHAT_OPEN_REFUSES && field(definition).equals("b")) {
        throw new InvalidDefinitionException("not this one");
      }
      return new PlainView(field(definition), flaw, context, view, met);
    }

    @Override
    public void close() {}
  }
}
