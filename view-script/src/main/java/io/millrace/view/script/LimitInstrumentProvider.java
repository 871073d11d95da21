package io.millrace.view.script;

import com.oracle.truffle.api.instrumentation.TruffleInstrument;
import com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider;
import java.util.Collection;
import java.util.List;

/**
 * How the JavaScript engine finds {@link LimitInstrument}; public because it looks with a loader.
 */
@TruffleInstrument.Registration(
    id = LimitInstrument.ID,
    name = "Limits of functions",
    services = LimitInstrument.class)
public final class LimitInstrumentProvider extends TruffleInstrumentProvider {
  @Override
  protected String getInstrumentClassName() {
    return LimitInstrument.class.getName();
  }

  @Override
  protected Object create() {
    return new LimitInstrument();
  }

  @Override
  protected Collection<String> getServicesClassNames() {
    return List.of(LimitInstrument.class.getName());
  }
}
