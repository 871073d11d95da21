package io.millrace.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.millrace.spi.Provider;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who may depend on whom. */
final class ModuleRules {
  private static final String OURS = "io.millrace..";

  /** Packages whose second word is a module's kind and whose third is its name. */
  private static final Pattern MODULE =
      Pattern.compile("io\\.millrace\\.((?:log|backend|view|replication)\\.[a-z]+)(?:\\..*)?");

  /** The library of rows that other views build on. */
  private static final String VIEW_INDEX = "io.millrace.view.index..";

  /** What runs the JavaScript of views. */
  private static final String VIEW_SCRIPT = "io.millrace.view.script..";

  /** What stores share whose engine has one ordered space of keys. */
  private static final String BACKEND_FLAT = "io.millrace.backend.flat..";

  private static final String COMMAND_LINE = "io.millrace.cli..";

  private static final String SYNC = "io.millrace.sync..";

  private static final DescribedPredicate<JavaClass> IN_A_MODULE =
      resideInAnyPackage(
          "io.millrace.log..",
          "io.millrace.backend..",
          "io.millrace.view..",
          "io.millrace.replication..");

  /** Where alone the packages of a library may appear. */
  private static final Map<String, List<String>> HOMES =
      Map.ofEntries(
          Map.entry("org.rocksdb..", List.of("io.millrace.backend.rocksdb..")),
          Map.entry("org.iq80.leveldb..", List.of("io.millrace.backend.leveldb..")),
          Map.entry("org.fusesource..", List.of("io.millrace.backend.leveldb..")),
          Map.entry("jetbrains.exodus..", List.of("io.millrace.backend.xodus..")),
          Map.entry("org.graalvm..", List.of(VIEW_SCRIPT)),
          Map.entry("com.oracle.truffle..", List.of(VIEW_SCRIPT)),
          Map.entry("com.dynatrace.hash4j..", List.of("io.millrace.view.index.reduce..")),
          Map.entry("org.zeromq..", List.of("io.millrace.replication.zmq..")),
          Map.entry("zmq..", List.of("io.millrace.replication.zmq..")),
          Map.entry("com.neilalexander..", List.of("io.millrace.replication.zmq..")),
          Map.entry("com.github.luben..", List.of("io.millrace.replication.zmq..")),
          Map.entry(
              "com.flipkart.zjsonpatch..",
              List.of("io.millrace.rest..", "io.millrace.engine.read..")),
          Map.entry("picocli..", List.of(COMMAND_LINE)),
          Map.entry("org.jline..", List.of("io.millrace.cli.shell..", "io.millrace.cli.console..")),
          Map.entry("org.eclipse.jgit..", List.of("io.millrace.cli.git..")),
          Map.entry(
              "com.fasterxml.jackson.dataformat.csv..", List.of("io.millrace.cli.transfer..")),
          Map.entry("io.micrometer..", List.of("io.millrace.distribution..")));

  /** Providers too, of an instrument that the JavaScript engine loads by itself. */
  private static final DescribedPredicate<JavaClass> FOUND_BY_JAVASCRIPT_ENGINE =
      assignableTo("com.oracle.truffle.api.instrumentation.TruffleInstrument")
          .or(
              assignableTo(
                  "com.oracle.truffle.api.instrumentation.provider.TruffleInstrumentProvider"));

  private ModuleRules() {}

  static ArchRule apiSeesOnlyJackson() {
    return classes()
        .that()
        .resideInAPackage("io.millrace.api..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "org.jspecify..", "com.fasterxml.jackson..", "io.millrace.api..");
  }

  static ArchRule spiSeesOnlyApi() {
    return classes()
        .that()
        .resideInAPackage("io.millrace.spi..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify..",
            "com.fasterxml.jackson..",
            "io.millrace.api..",
            "io.millrace.spi..");
  }

  static ArchRule engineSeesOnlyContracts() {
    return noClasses()
        .that()
        .resideInAPackage("io.millrace.engine..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "io.millrace.api..", "io.millrace.spi..", "io.millrace.engine.."))));
  }

  static ArchRule commandLineSeesOnlyEngine() {
    return noClasses()
        .that()
        .resideInAPackage(COMMAND_LINE)
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage(
                            "io.millrace.api..",
                            "io.millrace.spi..",
                            "io.millrace.engine..",
                            COMMAND_LINE))));
  }

  static ArchRule nobodySeesCommandLine() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .resideOutsideOfPackage(COMMAND_LINE)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(COMMAND_LINE);
  }

  static ArchRule syncSeesOnlyContracts() {
    return noClasses()
        .that()
        .resideInAPackage(SYNC)
        .should()
        .dependOnClassesThat(
            resideInAPackage(OURS)
                .and(
                    DescribedPredicate.not(
                        resideInAnyPackage("io.millrace.api..", "io.millrace.spi..", SYNC))));
  }

  static ArchRule nobodySeesSync() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .resideOutsideOfPackage(SYNC)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(SYNC);
  }

  static ArchRule modulesSeeOnlyContracts() {
    return classes().that(IN_A_MODULE).should(dependOnNoOtherModule());
  }

  static ArchRule serverLibrariesStayInServer() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .resideOutsideOfPackages("io.millrace.rest..", "io.millrace.distribution..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.smallrye..",
            "io.vertx..",
            "io.netty..",
            "jakarta..",
            "org.eclipse.microprofile..",
            "org.jboss..");
  }

  /** One rule for each library. */
  static List<ArchRule> librariesStayInTheirModules() {
    return HOMES.entrySet().stream()
        .<ArchRule>map(
            home ->
                noClasses()
                    .that()
                    .resideInAPackage(OURS)
                    .and()
                    .resideOutsideOfPackages(home.getValue().toArray(String[]::new))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(home.getKey()))
        .toList();
  }

  static ArchRule onlyProvidersArePublic() {
    return classes()
        .that(IN_A_MODULE)
        .and()
        .resideOutsideOfPackages(VIEW_INDEX, VIEW_SCRIPT, BACKEND_FLAT)
        .and()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and()
        .areNotAssignableTo(FOUND_BY_JAVASCRIPT_ENGINE)
        .should()
        .beAssignableTo(Provider.class);
  }

  static ArchRule providersAreFinal() {
    return classes()
        .that(IN_A_MODULE)
        .and()
        .areAssignableTo(Provider.class)
        .should()
        .bePublic()
        .andShould()
        .haveModifier(JavaModifier.FINAL);
  }

  static ArchRule noPackageCycles() {
    return slices().matching("io.millrace.(**)").should().beFreeOfCycles();
  }

  static ArchRule nobodyUsesInternals() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..internal..");
  }

  static ArchRule noSplitPackages() {
    return classes().that().resideInAPackage(OURS).should(liveWithTheirPackage());
  }

  private static ArchCondition<JavaClass> dependOnNoOtherModule() {
    return new ArchCondition<>("depend on api, spi and their own module only") {
      @Override
      public void check(JavaClass from, ConditionEvents events) {
        from.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> !mayDepend(from, dependency.getTargetClass()))
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(from, dependency.getDescription())));
      }
    };
  }

  private static boolean mayDepend(JavaClass from, JavaClass target) {
    String packageName = target.getBaseComponentType().getPackageName();
    if (!(packageName + '.').startsWith("io.millrace.")
        || resideInAnyPackage("io.millrace.api..", "io.millrace.spi..")
            .test(target.getBaseComponentType())) {
      return true;
    }
    String ownModule = module(from.getPackageName());
    boolean viewLibrary =
        from.getPackageName().startsWith("io.millrace.view.")
            && resideInAnyPackage(VIEW_INDEX, VIEW_SCRIPT).test(target.getBaseComponentType());
    boolean backendLibrary =
        from.getPackageName().startsWith("io.millrace.backend.")
            && resideInAPackage(BACKEND_FLAT).test(target.getBaseComponentType());
    return viewLibrary || backendLibrary || module(packageName).equals(ownModule);
  }

  private static String module(String packageName) {
    Matcher matcher = MODULE.matcher(packageName);
    return matcher.matches() ? matcher.group(1) : packageName;
  }

  private static ArchCondition<JavaClass> liveWithTheirPackage() {
    return new ArchCondition<>("live in the one module that their package belongs to") {
      private final Map<String, Set<String>> places = new TreeMap<>();

      @Override
      public void init(Collection<JavaClass> all) {
        all.forEach(
            found ->
                places
                    .computeIfAbsent(found.getPackageName(), name -> new TreeSet<>())
                    .add(place(found)));
      }

      @Override
      public void check(JavaClass found, ConditionEvents events) {
        Set<String> several = places.getOrDefault(found.getPackageName(), Set.of());
        if (several.size() > 1) {
          events.add(
              SimpleConditionEvent.violated(
                  found, found.getPackageName() + " is in several places: " + several));
        }
      }
    };
  }

  /** The jar or folder that a class was read from. */
  private static String place(JavaClass found) {
    String uri = found.getSource().map(source -> source.getUri()).map(URI::toString).orElse("");
    String path = found.getName().replace('.', '/') + ".class";
    return uri.endsWith(path) ? uri.substring(0, uri.length() - path.length()) : uri;
  }
}
