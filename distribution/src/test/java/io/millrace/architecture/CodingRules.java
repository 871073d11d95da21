package io.millrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import io.millrace.api.error.MillraceException;
import java.util.Map;
import java.util.Set;

/** What no class does, whatever its module. */
final class CodingRules {
  private static final String OURS = "io.millrace..";

  /** The one class that talks to the operator's terminal. */
  private static final String PROCESS = "io.millrace.distribution.Server";

  /** The package that does nothing but talk to it. */
  private static final String COMMAND_LINE = "io.millrace.cli..";

  /** Where a command gets the real clock and real randomness. */
  private static final String COMMAND_LINE_WIRING = "io.millrace.cli.Main";

  /** Where an embedded database gets the real clock and real randomness unless told otherwise. */
  private static final String EMBEDDED_WIRING = "io.millrace.engine.MillraceBuilder";

  /** Where documents that are synced get them. */
  private static final String SYNC_WIRING = "io.millrace.sync.SyncedDocumentsBuilder";

  private static final Map<String, Set<String>> AMBIENT_METHODS =
      Map.of(
          "java.lang.System", Set.of("currentTimeMillis"),
          "java.lang.Math", Set.of("random"),
          "java.time.Clock", Set.of("systemUTC", "systemDefaultZone", "system"),
          "java.time.Instant", Set.of("now"),
          "java.time.LocalDate", Set.of("now"),
          "java.time.LocalDateTime", Set.of("now"),
          "java.time.OffsetDateTime", Set.of("now"),
          "java.time.ZonedDateTime", Set.of("now"),
          "java.util.UUID", Set.of("randomUUID"),
          "java.util.concurrent.ThreadLocalRandom", Set.of("current"));

  private static final Set<String> AMBIENT_TYPES =
      Set.of(
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.security.SecureRandom",
          "java.util.Date");

  private CodingRules() {}

  static ArchRule nobodyThrowsBareExceptions() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .should(GeneralCodingRules.THROW_GENERIC_EXCEPTIONS);
  }

  static ArchRule exceptionsDescendFromOneRoot() {
    return classes()
        .that()
        .resideInAPackage(OURS)
        .and()
        .areAssignableTo(Throwable.class)
        .should()
        .beAssignableTo(MillraceException.class);
  }

  static ArchRule nobodyPrints() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .doNotHaveFullyQualifiedName(PROCESS)
        .and()
        .resideOutsideOfPackage(COMMAND_LINE)
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);
  }

  static ArchRule clockAndRandomnessAreInjected() {
    return noClasses()
        .that()
        .resideInAPackage(OURS)
        .and()
        .resideOutsideOfPackage("io.millrace.distribution..")
        .and()
        .doNotHaveFullyQualifiedName(EMBEDDED_WIRING)
        .and()
        .doNotHaveFullyQualifiedName(SYNC_WIRING)
        .and()
        .doNotHaveFullyQualifiedName(COMMAND_LINE_WIRING)
        .should()
        .callCodeUnitWhere(ambient());
  }

  private static DescribedPredicate<JavaCall<?>> ambient() {
    return new DescribedPredicate<>("it asks the machine for time or randomness") {
      @Override
      public boolean test(JavaCall<?> call) {
        String owner = call.getTargetOwner().getFullName();
        String name = call.getName();
        return AMBIENT_METHODS.getOrDefault(owner, Set.of()).contains(name)
            || (AMBIENT_TYPES.contains(owner) && name.equals("<init>"));
      }
    };
  }
}
