package selvedge.verification.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The borders between modules and packages, and who may do what. */
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("selvedge");

  private static final Set<String> CLOCKS_AND_CHANCE =
      Set.of(
          "java.time.Instant.now",
          "java.time.Clock.systemUTC",
          "java.time.InstantSource.system",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.nanoTime",
          "java.lang.Thread.sleep",
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.util.concurrent.ThreadLocalRandom.current");

  @Test
  void seesTheWholeTree() {
    assertThat(CLASSES.size()).isGreaterThan(100);
  }

  @Test
  void modulesDependOnlyOnThoseBeneathThem() {
    check(
        noClasses()
            .that(resideInAPackage("selvedge.model.."))
            .should()
            .dependOnClassesThat(
                resideOutsideOf("selvedge.model..", "java..", "javax.net.ssl..", "org.jspecify.."))
            .because("the model is what a client needs, and a client drags nothing along"));
    check(
        noClasses()
            .that(resideInAPackage("selvedge.engine.."))
            .should()
            .dependOnClassesThat(resideInAnyPackage("selvedge.server..", "selvedge.cli.."))
            .because("a whole cluster of engines has to fit in one thread of a test"));
    check(
        noClasses()
            .that(resideInAPackage("selvedge.server.."))
            .should()
            .dependOnClassesThat(resideInAPackage("selvedge.cli.."))
            .because("the command line starts the server and not the other way round"));
  }

  @Test
  void theClientDragsNothingAlong() {
    check(
        classes()
            .that(resideInAPackage("selvedge.client.."))
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "java..", "org.jspecify..", "selvedge.model..", "selvedge.client.."))
            .because("a client is one jar and the model"));
    check(
        classes()
            .that(resideInAPackage("selvedge.patterns.."))
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "java..", "org.jspecify..", "selvedge.model..", "selvedge.patterns.."))
            .because("patterns are written against the interface alone"));
  }

  @Test
  void packagesHaveNoCycles() {
    check(slices().matching("selvedge.(**)").should().beFreeOfCycles());
  }

  @Test
  void originAndEdgeDoNotKnowEachOther() {
    check(
        noClasses()
            .that(resideInAPackage("selvedge.engine.origin.."))
            .should()
            .dependOnClassesThat(resideInAPackage("selvedge.engine.edge.."))
            .allowEmptyShould(true)
            .because("they meet through Feed and Upstream only"));
  }

  @Test
  void enginesOfOthersStayBehindOneDoor() {
    only("selvedge.engine.store..", "org.rocksdb..", "native code is entered in one place");
    only("selvedge.engine.store..", "com.github.benmanes..", "hot entries belong to the store");
    only("selvedge.server.http..", "io.netty..", "the HTTP engine can be exchanged");
    only("selvedge.cli..", "picocli..", "the command line is one module");
    only("selvedge.server..", "io.micrometer..", "the engine reports through its Meter");
    check(
        noClasses()
            .that(resideInAnyPackage("selvedge.model..", "selvedge.engine.."))
            .should()
            .dependOnClassesThat(resideInAPackage("tools.jackson.."))
            .because("the engine has its own codecs"));
  }

  @Test
  void outgoingTlsIsMadeInOnePlace() {
    check(
        noClasses()
            .that(resideOutsideOf("selvedge.model.tls..", "selvedge.benchmarks.."))
            .should()
            .accessTargetWhere(
                target(
                    "javax.net.ssl.SSLContext.getInstance",
                    "javax.net.ssl.SSLContext.getDefault",
                    "javax.net.ssl.SSLSocketFactory.getDefault",
                    "java.net.http.HttpClient.newHttpClient",
                    "java.net.http.HttpClient.newBuilder"))
            .because("Trust compares the host with the certificate: connect through it"));
  }

  private static void only(String home, String library, String reason) {
    check(
        noClasses()
            .that(resideOutsideOf(home))
            .should()
            .dependOnClassesThat(resideInAPackage(library))
            .because(reason));
  }

  @Test
  void onlyTheOriginCommits() {
    check(
        noClasses()
            .that(resideOutsideOf("selvedge.engine.origin..", "selvedge.engine.store.."))
            .should()
            .callMethodWhere(
                target("selvedge.engine.store.Store.commit", "selvedge.engine.store.Store.sweep"))
            .because("one writer orders all changes: submit a job to it"));
  }

  @Test
  void timeAndChanceAreHandedIn() {
    check(
        noClasses()
            .that(resideInAnyPackage("selvedge.model..", "selvedge.engine.."))
            .and()
            .doNotHaveFullyQualifiedName("selvedge.model.Selvedge")
            .should()
            .accessTargetWhere(target(CLOCKS_AND_CHANCE.toArray(String[]::new)))
            .because("the simulation owns time and chance: take an InstantSource as an argument"));
    check(
        noClasses()
            .that(resideInAnyPackage("selvedge.model..", "selvedge.engine.."))
            .and()
            .doNotHaveFullyQualifiedName("selvedge.engine.work.WorkerThread")
            .should()
            .accessTargetWhere(target("java.lang.Thread.ofPlatform", "java.lang.Thread.ofVirtual"))
            .because("background work is a Worker that a test can step"));
  }

  @Test
  void futuresStayInTheHttpAdapter() {
    check(
        noClasses()
            .that(resideOutsideOf("selvedge.server.http..", "selvedge.client.."))
            .should()
            .dependOnClassesThat(
                resideInAPackage("java.util.concurrent")
                    .and(
                        DescribedPredicate.describe(
                            "futures and flows",
                            type ->
                                type.getSimpleName().equals("CompletableFuture")
                                    || type.getSimpleName().equals("Flow"))))
            .because("blocking code on virtual threads reads from top to bottom"));
  }

  @Test
  void theModelIsMadeOfValues() {
    check(
        classes()
            .that(resideInAPackage("selvedge.model.."))
            .should(beClosed())
            .because("records, enums, sealed interfaces and final classes cannot be bent"));
  }

  @Test
  void everyPackageIsNullMarked() {
    CLASSES.stream()
        .map(JavaClass::getPackage)
        .distinct()
        .forEach(
            each ->
                assertThat(each.isAnnotatedWith(NullMarked.class))
                    .as("package %s is @NullMarked", each.getName())
                    .isTrue());
  }

  @Test
  void standardStreamsBelongToTheCommandLine() {
    check(
        noClasses()
            .that(resideOutsideOf("selvedge.cli.."))
            .should()
            .accessTargetWhere(target("java.lang.System.out", "java.lang.System.err"))
            .because("a library is silent: log, or throw"));
    check(
        noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.logging.."))
            .because("there is one way to log"));
  }

  @Test
  void nothingIsStaticAndMutable() {
    check(
        classes()
            .should(
                new ArchCondition<>("have no static field that changes") {
                  @Override
                  public void check(JavaClass type, ConditionEvents events) {
                    for (JavaField field : type.getFields()) {
                      boolean changes =
                          field.getModifiers().contains(JavaModifier.STATIC)
                              && !field.getModifiers().contains(JavaModifier.FINAL);
                      if (changes) {
                        events.add(SimpleConditionEvent.violated(field, field.getFullName()));
                      }
                    }
                  }
                })
            .because("what a class needs comes through its constructor"));
  }

  private static ArchCondition<JavaClass> beClosed() {
    return new ArchCondition<>("be a record, an enum, an interface, a final or an own exception") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean closed =
            type.isRecord()
                || type.isEnum()
                || type.isInterface()
                || type.getModifiers().contains(JavaModifier.FINAL)
                || type.getModifiers().contains(JavaModifier.SYNTHETIC)
                || type.isAnonymousClass()
                || type.getSimpleName().equals("SelvedgeException");
        if (!closed) {
          events.add(SimpleConditionEvent.violated(type, type.getFullName()));
        }
      }
    };
  }

  private static DescribedPredicate<JavaAccess<?>> target(String... names) {
    Set<String> wanted = Set.of(names);
    return DescribedPredicate.describe(
        "one of " + wanted,
        access ->
            wanted.contains(
                access.getTargetOwner().getFullName() + "." + access.getTarget().getName()));
  }

  private static DescribedPredicate<JavaClass> resideOutsideOf(String... packages) {
    return DescribedPredicate.not(resideInAnyPackage(packages));
  }

  private static void check(ArchRule rule) {
    rule.check(CLASSES);
  }
}
