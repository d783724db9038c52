package io.firn.it;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may see whom; see the architecture's section on modules. */
class LayeringTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              "io.firn.model",
              "io.firn.runtime",
              "io.firn.dsl",
              "io.firn.source",
              "io.firn.lake",
              "io.firn.app");

  /** Iceberg's types, which are the project's own; everything else of Iceberg is the sink's. */
  private static final DescribedPredicate<JavaClass> ICEBERG_BEYOND_TYPES =
      describe(
          "Iceberg beyond its types",
          type ->
              type.getPackageName().startsWith("org.apache.iceberg")
                  && !type.getPackageName().equals("org.apache.iceberg.types")
                  && !Set.of("org.apache.iceberg.Schema", "org.apache.iceberg.StructLike")
                      .contains(type.getName()));

  @Test
  void everyModuleIsLookedAt() {
    for (String module : new String[] {"model", "runtime", "dsl", "source", "lake", "app"}) {
      assertThat(PRODUCT.that(resideInAnyPackage("io.firn." + module + "..")))
          .as(module)
          .isNotEmpty();
    }
  }

  @Test
  void onlyTheSourceKnowsDebeziumAndKafka() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.source..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.debezium..", "org.apache.kafka..", "com.github.shyiko..")
        .check(PRODUCT);
  }

  @Test
  void onlyTheSinkKnowsIcebergBeyondItsTypes() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.lake..")
        .should()
        .dependOnClassesThat(ICEBERG_BEYOND_TYPES)
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.parquet..")
        .check(PRODUCT);
  }

  @Test
  void onlyTheRuntimeKnowsRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.rocksdb..")
        .check(PRODUCT);
  }

  @Test
  void nobodyKnowsTheApplication() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.firn.app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.firn.app..")
        .check(PRODUCT);
  }

  @Test
  void partsKnowTheModelAndNotEachOther() {
    for (String part : new String[] {"runtime", "dsl", "source", "lake"}) {
      classes()
          .that()
          .resideInAPackage("io.firn." + part + "..")
          .should()
          .onlyDependOnClassesThat(
              describe(
                  "are of the part itself, of the model, or not Firn's",
                  type ->
                      !type.getPackageName().startsWith("io.firn")
                          || type.getPackageName().startsWith("io.firn.model")
                          || type.getPackageName().startsWith("io.firn." + part)))
          .check(PRODUCT);
    }
  }

  @Test
  void theModelKnowsNobody() {
    classes()
        .that()
        .resideInAPackage("io.firn.model..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "io.firn.model..", "org.apache.iceberg..", "com.google.re2j..")
        .check(PRODUCT);
  }

  /** A clock that jumps must not end a wait, fire a checkpoint, or order anything. */
  @Test
  void noTimerIsOnWallTime() {
    noClasses()
        .that()
        .resideInAnyPackage("io.firn.model..", "io.firn.runtime..", "io.firn.lake..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.time.Clock.class)
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(java.util.Timer.class)
        .check(PRODUCT);
  }
}
