package io.millrace.engine.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.spi.FoldProvider;
import io.millrace.spi.LogProvider;
import io.millrace.spi.Provider;
import io.millrace.spi.StoreProvider;
import io.millrace.spi.TransportProvider;
import io.millrace.spi.ViewFactory;
import io.millrace.spi.ViewProvider;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A method that is added to the contracts must not stop at a wrapper with its default. */
final class WrappersTest {
  private static final Map<Class<?>, List<Class<?>>> CONTRACTS =
      Map.of(
          PluginLog.class, List.of(Provider.class, LogProvider.class),
          PluginStore.class, List.of(Provider.class, StoreProvider.class),
          PluginFold.class, List.of(Provider.class, FoldProvider.class),
          PluginTransport.class, List.of(Provider.class, TransportProvider.class),
          PluginViews.class, List.of(Provider.class, ViewProvider.class),
          PluginViews.Factory.class, List.of(ViewFactory.class));

  @Test
  void everyMethodOfTheContractsIsPassedOn() throws NoSuchMethodException {
    for (Map.Entry<Class<?>, List<Class<?>>> wrapper : CONTRACTS.entrySet()) {
      for (Class<?> contract : wrapper.getValue()) {
        for (Method method : contract.getDeclaredMethods()) {
          if (Modifier.isStatic(method.getModifiers()) || method.isSynthetic()) {
            continue;
          }
          Method found = wrapper.getKey().getMethod(method.getName(), method.getParameterTypes());
          assertThat(found.getDeclaringClass().isInterface()).as("%s", found).isFalse();
        }
      }
    }
  }
}
