package selvedge.verification.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.core.importer.Locations;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the borders between modules and packages, and rules for all classes. */
final class ArchitectureTest {
  /** Examples and benchmarks use the product, so its borders do not apply to them. */
  private static final DescribedPredicate<JavaClass> PRODUCT =
      resideOutsideOf(
          "selvedge.benchmarks..",
          "selvedge.examples..",
          "selvedge.spring..",
          "selvedge.verification..");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("selvedge")
          .that(PRODUCT);

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

  @ParameterizedTest
  @MethodSource("selvedge.verification.architecture.Borders#all")
  void noClassBreaksABorder(Borders.Border border) {
    check(border.rule());
  }

  /** Each rule must report a class that breaks it. */
  @Test
  void everyBorderReportsAClassThatBreaksIt(@TempDir Path directory) throws IOException {
    List<Borders.Border> borders = Borders.all();
    for (int i = 0; i < borders.size(); i++) {
      String name = "Planted" + i;
      Files.writeString(directory.resolve(name + ".java"), borders.get(i).source(name));
    }
    compile(directory);

    JavaClasses withBreaches =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importLocations(
                Stream.concat(
                        Locations.ofPackage("selvedge").stream(), Stream.of(Location.of(directory)))
                    .toList())
            .that(PRODUCT);

    for (int i = 0; i < borders.size(); i++) {
      ArchRule rule = borders.get(i).rule();
      assertThatThrownBy(() -> rule.check(withBreaches))
          .as("%s", borders.get(i))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("Planted" + i);
    }
  }

  private static void compile(Path directory) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString()));
    try (Stream<Path> files = Files.list(directory)) {
      files.map(Path::toString).forEach(arguments::add);
    }
    var messages = new ByteArrayOutputStream();
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, messages, messages, arguments.toArray(String[]::new));
    assertThat(result).as(messages.toString(StandardCharsets.UTF_8)).isZero();
  }

  @Test
  void onlyTrustCreatesOutgoingTls() {
    check(
        noClasses()
            .that(
                resideOutsideOf(
                    "selvedge.model.tls..", "selvedge.benchmarks..", "selvedge.cluster.."))
            .should()
            .accessTargetWhere(
                target(
                    "javax.net.ssl.SSLContext.getInstance",
                    "javax.net.ssl.SSLContext.getDefault",
                    "javax.net.ssl.SSLSocketFactory.getDefault",
                    "java.net.http.HttpClient.newHttpClient",
                    "java.net.http.HttpClient.newBuilder"))
            .because(
                "Trust checks the host name of the certificate: use it for connections; only"
                    + " voters check the name of a voter in place of it"));
  }

  @Test
  void timeAndRandomnessArePassedIn() {
    check(
        noClasses()
            .that(resideInAnyPackage("selvedge.model..", "selvedge.engine.."))
            .and()
            .doNotHaveFullyQualifiedName("selvedge.model.testing.MemoryNamespaces")
            .should()
            .accessTargetWhere(target(CLOCKS_AND_CHANCE.toArray(String[]::new)))
            .because(
                "the simulation controls time and randomness: take an InstantSource as an"
                    + " argument"));
    check(
        noClasses()
            .that(resideInAnyPackage("selvedge.model..", "selvedge.engine.."))
            .and()
            .doNotHaveFullyQualifiedName("selvedge.engine.work.WorkerThread")
            .and()
            .doNotHaveFullyQualifiedName("selvedge.model.Subscription")
            .should()
            .accessTargetWhere(target("java.lang.Thread.ofPlatform", "java.lang.Thread.ofVirtual"))
            .because(
                "background work must be a Worker that a test can step; a subscription only calls"
                    + " a function of the program"));
  }

  @Test
  void futuresStayInTheHttpAdapter() {
    check(
        noClasses()
            .that(
                resideOutsideOf(
                    "selvedge.server.http..",
                    "selvedge.client..",
                    "selvedge.graphql..",
                    "selvedge.cluster..",
                    "selvedge.spring.."))
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
  void theModelConsistsOfClosedTypes() {
    check(
        classes()
            .that(resideInAPackage("selvedge.model.."))
            .should(beClosed())
            .because("values must be records, enums, sealed interfaces or final classes"));
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
            .because("a library must not print: log or throw"));
    check(
        noClasses()
            .that()
            .doNotHaveFullyQualifiedName("selvedge.cluster.GrpcLog")
            .should()
            .dependOnClassesThat(resideInAPackage("java.util.logging.."))
            .because("SLF4J is the only logging API"));
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
            .because("dependencies must be constructor parameters"));
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
