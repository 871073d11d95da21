package io.millrace.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Every rule holds for all modules, and catches the violations planted for it.
 *
 * <p>The rules are plain test methods on purpose: rules in annotated fields are not run by every
 * Surefire.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ArchitectureTest {
  private JavaClasses production;
  private JavaClasses planted;

  @BeforeAll
  void readClasses() {
    production =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.millrace");
    planted =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
            .importPackages(
                "io.millrace.api",
                "io.millrace.spi",
                "io.millrace.engine",
                "io.millrace.cli",
                "io.millrace.sync",
                "io.millrace.backend",
                "io.millrace.planted");
  }

  @Test
  void everyModuleIsLookedAt() {
    for (String module :
        List.of(
            "api",
            "spi",
            "engine.revision",
            "cli",
            "sync",
            "log.file",
            "log.store",
            "backend.flat",
            "backend.leveldb",
            "backend.memory",
            "backend.rocksdb",
            "backend.xodus",
            "view.index",
            "view.js",
            "view.query",
            "view.reduce",
            "view.script",
            "replication.zmq",
            "rest",
            "distribution")) {
      assertThat(production.containPackage("io.millrace." + module)).as(module).isTrue();
    }
  }

  @Test
  void apiSeesOnlyJackson() {
    check(ModuleRules.apiSeesOnlyJackson(), "ApiKnowsSpi");
  }

  @Test
  void spiSeesOnlyApi() {
    check(ModuleRules.spiSeesOnlyApi(), "SpiKnowsRest");
  }

  @Test
  void engineSeesOnlyContracts() {
    check(ModuleRules.engineSeesOnlyContracts(), "EngineNamesModule");
  }

  @Test
  void commandLineSeesOnlyEngine() {
    check(ModuleRules.commandLineSeesOnlyEngine(), "CommandNamesModule");
  }

  @Test
  void nobodySeesCommandLine() {
    check(ModuleRules.nobodySeesCommandLine(), "EngineKnowsCommandLine");
  }

  @Test
  void syncSeesOnlyContracts() {
    check(ModuleRules.syncSeesOnlyContracts(), "SyncKnowsEngine");
  }

  @Test
  void nobodySeesSync() {
    check(ModuleRules.nobodySeesSync(), "EngineKnowsSync");
  }

  @Test
  void modulesSeeOnlyContracts() {
    check(ModuleRules.modulesSeeOnlyContracts(), "BackendKnowsOtherModule");
  }

  @Test
  void serverLibrariesStayInServer() {
    check(ModuleRules.serverLibrariesStayInServer(), "EngineUsesQuarkus");
  }

  @Test
  void librariesStayInTheirModules() {
    List<ArchRule> rules = ModuleRules.librariesStayInTheirModules();
    rules.forEach(rule -> rule.check(production));
    assertThat(rules)
        .anySatisfy(rule -> assertThat(violations(rule)).contains("EngineUsesRocksdb"));
  }

  @Test
  void onlyProvidersArePublic() {
    check(ModuleRules.onlyProvidersArePublic(), "PublicStore");
  }

  @Test
  void providersAreFinal() {
    check(ModuleRules.providersAreFinal(), "OpenProvider");
  }

  @Test
  void noPackageCycles() {
    check(ModuleRules.noPackageCycles(), "planted.left");
  }

  @Test
  void noSplitPackages() {
    ArchRule rule = ModuleRules.noSplitPackages();
    rule.check(production);
    JavaClasses everything = new ClassFileImporter().importPackages("io.millrace.api");
    assertThat(rule.evaluate(everything).getFailureReport().toString())
        .contains("io.millrace.api is in several places");
  }

  @Test
  void nobodyUsesInternals() {
    check(ModuleRules.nobodyUsesInternals(), "EngineUsesInternals");
  }

  @Test
  void nobodyThrowsBareExceptions() {
    check(CodingRules.nobodyThrowsBareExceptions(), "EngineThrowsBareException");
  }

  @Test
  void exceptionsDescendFromOneRoot() {
    check(CodingRules.exceptionsDescendFromOneRoot(), "StrayException");
  }

  @Test
  void nobodyPrints() {
    check(CodingRules.nobodyPrints(), "EnginePrints");
  }

  @Test
  void clockIsInjected() {
    check(CodingRules.clockAndRandomnessAreInjected(), "EngineReadsClock");
  }

  @Test
  void randomnessIsInjected() {
    check(CodingRules.clockAndRandomnessAreInjected(), "EngineRollsDice");
  }

  /** The rule holds, and would not if the class called {@code culprit} were one of ours. */
  private void check(ArchRule rule, String culprit) {
    rule.check(production);
    assertThat(violations(rule)).contains(culprit);
  }

  private String violations(ArchRule rule) {
    return rule.evaluate(planted).getFailureReport().toString();
  }
}
