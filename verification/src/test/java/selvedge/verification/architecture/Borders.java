package selvedge.verification.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import selvedge.engine.work.AnyThread;
import selvedge.engine.work.WriterOnly;

/**
 * The borders between modules and packages. Each is a rule with the source of a class that breaks
 * it. {@link ArchitectureTest} applies the rules to the project and to these planted classes.
 */
final class Borders {
  private static final String ENGINE = "selvedge.engine..";
  private static final String STORE = "selvedge.engine.store";
  private static final String ROCKS = "selvedge.engine.store.rocks..";
  private static final String JOURNAL = "selvedge.engine.store.journal..";

  /** Unpacks the library of RocksDB into a temporary directory before a store is opened. */
  private static final String NATIVE_LIBRARY = "selvedge.engine.store.rocks.NativeLibrary";

  /** The prefixes of the names of the methods of {@link Files} that only read. */
  private static final List<String> FILE_READS =
      List.of(
          "exists", "get", "is", "list", "newDirectoryStream", "newInputStream", "read", "size");

  private static final Set<String> FILE_WALKS = Set.of("walk", "walkFileTree");

  /** The types whose methods change a store or read it. */
  private static final Set<String> STORES =
      Set.of(
          "selvedge.engine.store.Store",
          "selvedge.engine.store.Pending",
          "selvedge.engine.store.Loading",
          "selvedge.engine.feed.Feed");

  /** The classes that write a store, or that open one which no other class has open. */
  private static final Set<String> WRITERS =
      Set.of(
          "selvedge.engine.origin.Origin",
          "selvedge.engine.origin.Writer",
          "selvedge.engine.edge.Bootstrap",
          "selvedge.engine.edge.Follower",
          "selvedge.engine.edge.Replica",
          "selvedge.cli.ClusterCommand",
          "selvedge.cluster.GuardedStore",
          "selvedge.cluster.OpenUploads",
          "selvedge.cluster.RaftVoter",
          "selvedge.cluster.ReplicatedStore",
          "selvedge.cluster.StoppedVoter",
          "selvedge.cluster.VoterMachine",
          "selvedge.engine.Backup",
          "selvedge.server.site.FirstStart",
          "selvedge.server.site.OriginSite");

  private Borders() {}

  /**
   * A rule and a class that breaks it.
   *
   * @param planted the package of the class that breaks the rule
   * @param uses an expression of that class
   */
  record Border(String name, ArchRule rule, String planted, String uses) {
    @Override
    public String toString() {
      return name;
    }

    /** Returns the source of the class that breaks the rule, with the given name. */
    String source(String className) {
      return "package %s; public class %s { Object breach = %s; }"
          .formatted(planted, className, uses);
    }
  }

  static List<Border> all() {
    return Stream.of(modules(), engine(), stores(), filesAndRows(), libraries())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Border> modules() {
    return List.of(
        new Border(
            "the model depends on the JDK only",
            dependsOnlyOn("selvedge.model..", "java..", "javax.net.ssl..", "org.jspecify..")
                .because("clients depend on the model only"),
            "selvedge.model",
            "new selvedge.engine.feed.FeedSignal(null)"),
        new Border(
            "the engine must not use the server",
            never(ENGINE, "selvedge.server..", "selvedge.cli..")
                .because("a test must be able to run a cluster of engines in one thread"),
            "selvedge.engine.origin",
            "selvedge.server.api.Response.class"),
        new Border(
            "the server must not use the command line",
            never("selvedge.server..", "selvedge.cli..")
                .because("the command line depends on the server, not the reverse"),
            "selvedge.server.api",
            "selvedge.cli.Main.class"),
        new Border(
            "the client depends on the model only",
            dependsOnlyOn(
                    "selvedge.client..",
                    "java..",
                    "javax.net.ssl..",
                    "org.jspecify..",
                    "selvedge.model..")
                .because("the client has no dependency except the model"),
            "selvedge.client",
            "selvedge.engine.Engine.class"),
        new Border(
            "patterns depend on the model only",
            dependsOnlyOn("selvedge.patterns..", "java..", "org.jspecify..", "selvedge.model..")
                .because("patterns use only the interface of a namespace"),
            "selvedge.patterns",
            "selvedge.client.ClientOptions.class"));
  }

  private static List<Border> engine() {
    return List.of(
        new Border(
            "the origin must not use the edge",
            never("selvedge.engine.origin..", "selvedge.engine.edge..")
                .because(
                    "origin and edge share namespaces, feed and store, and must not use each"
                        + " other"),
            "selvedge.engine.origin",
            "selvedge.engine.edge.Replica.class"),
        new Border(
            "the edge must not use the origin",
            never("selvedge.engine.edge..", "selvedge.engine.origin..")
                .because(
                    "origin and edge share namespaces, feed and store, and must not use each"
                        + " other"),
            "selvedge.engine.edge",
            "selvedge.engine.origin.Origin.class"),
        new Border(
            "namespaces must not use origin or edge",
            never(
                    "selvedge.engine.namespace..",
                    "selvedge.engine.origin..",
                    "selvedge.engine.edge..")
                .because("a namespace writes through Writes and reads from its store"),
            "selvedge.engine.namespace",
            "selvedge.engine.origin.Origin.class"));
  }

  private static List<Border> stores() {
    return List.of(
        new Border(
            "only writers change a store",
            noClasses()
                .that(outside("selvedge.engine.store.."))
                .should()
                .accessTargetWhere(changesAStoreOfAnotherWriter())
                .because("one writer orders all changes: submit a job to it"),
            "selvedge.server.site",
            "null; boolean change(selvedge.engine.feed.Feed feed) { return"
                + " feed.trim(java.time.Duration.ZERO, 0, java.time.Instant.EPOCH); } Object rest ="
                + " null"),
        new Border(
            "only writers change a store, also by a helper",
            noClasses()
                .that(outside("selvedge.engine.store.."))
                .should()
                .accessTargetWhere(changesAStoreOfAnotherWriter())
                .because("one writer orders all changes: submit a job to it"),
            "selvedge.engine.edge",
            "(java.util.function.Consumer<selvedge.engine.store.Store>)"
                + " selvedge.engine.replication.Descent::settle"),
        new Border(
            "every method of a store is marked for the writer or for any thread",
            methods()
                .that()
                .areDeclaredInClassesThat(
                    DescribedPredicate.describe(
                        "are stores", type -> STORES.stream().anyMatch(type::isAssignableTo)))
                .and()
                .arePublic()
                .and()
                .areNotStatic()
                .and(DescribedPredicate.describe("are written by hand", Borders::isWritten))
                .should(beMarked())
                .because("a new method must not change a store unnoticed: mark it"),
            "selvedge.engine.cache",
            "null; public abstract static class Other implements selvedge.engine.store.Store {"
                + " public void wipe() {} } Object rest = null"),
        new Border(
            "only store.rocks enters RocksDB",
            only(ROCKS, "org.rocksdb..").because("only one package calls native code"),
            "selvedge.engine.store.journal",
            "new org.rocksdb.Options()"),
        new Border(
            "the contract of a store needs no library",
            dependsOnlyOn(
                    STORE,
                    "java..",
                    "org.jspecify..",
                    "selvedge.model..",
                    "selvedge.engine.files..",
                    "selvedge.engine.store.row..",
                    "selvedge.engine.feed..",
                    "selvedge.engine.work..")
                .because("another store must be able to implement it"),
            "selvedge.engine.store",
            "selvedge.engine.store.rocks.RocksStore.class"));
  }

  private static List<Border> filesAndRows() {
    return List.of(
        new Border(
            "the journal is readable without RocksDB",
            never(JOURNAL, ROCKS).because("a tool must be able to read a journal alone"),
            "selvedge.engine.store.journal",
            "selvedge.engine.store.rocks.RocksStore.class"),
        new Border(
            "only engine.files changes files",
            noClasses()
                .that(resideInAPackage(ENGINE))
                .and(outside("selvedge.engine.files.."))
                .and()
                .doNotHaveFullyQualifiedName(NATIVE_LIBRARY)
                .should()
                .accessTargetWhere(changesAFile())
                .because("the simulation simulates power cuts at each change of a file"),
            "selvedge.engine.store.journal",
            "(java.util.concurrent.Callable<Object>)"
                + " () -> java.nio.file.Files.deleteIfExists(null)"),
        new Border(
            "rows must not use a store",
            never("selvedge.engine.store.row..", ROCKS, JOURNAL, STORE)
                .because("encodings must be pure functions from values to bytes"),
            "selvedge.engine.store.row",
            "selvedge.engine.store.rocks.RocksStore.class"));
  }

  private static List<Border> libraries() {
    return List.of(
        new Border(
            "only the cache uses Caffeine",
            only("selvedge.engine.cache..", "com.github.benmanes..")
                .because("one package holds entries in memory"),
            "selvedge.engine.store.rocks",
            "com.github.benmanes.caffeine.cache.Caffeine.newBuilder()"),
        new Border(
            "only server.http uses Netty",
            only("selvedge.server.http..", "io.netty..")
                .because("the HTTP library must be replaceable"),
            "selvedge.server.api",
            "io.netty.buffer.Unpooled.EMPTY_BUFFER"),
        new Border(
            "only the cluster uses Ratis",
            only("selvedge.cluster..", "org.apache.ratis..")
                .because("one machine must not need the log of a quorum"),
            "selvedge.server.site",
            "org.apache.ratis.protocol.RaftPeerId.valueOf(\"a\")"),
        new Border(
            "only the command line uses picocli",
            only("selvedge.cli..", "picocli..").because("only the command line parses arguments"),
            "selvedge.server",
            "picocli.CommandLine.class"),
        new Border(
            "only the package of encryption uses ciphers in the engine",
            noClasses()
                .that(resideInAPackage(ENGINE))
                .and(outside("selvedge.engine.encryption.."))
                .should()
                .dependOnClassesThat(resideInAnyPackage("javax.crypto..", "java.security.spec.."))
                .because("one package must count nonces"),
            "selvedge.engine.store.row",
            "javax.crypto.Cipher.class"),
        new Border(
            "only the server uses Micrometer",
            noClasses()
                .that(outside("selvedge.server..", "selvedge.micrometer..", "selvedge.spring.."))
                .should()
                .dependOnClassesThat(resideInAPackage("io.micrometer.."))
                .because("the engine reports through its Meter"),
            "selvedge.engine.origin",
            "io.micrometer.core.instrument.Metrics.globalRegistry"),
        new Border(
            "model and engine parse no JSON by Jackson",
            noClasses()
                .that(resideInAnyPackage("selvedge.model..", ENGINE))
                .should()
                .dependOnClassesThat(resideInAPackage("tools.jackson.."))
                .because("the engine uses its own codecs"),
            "selvedge.engine.feed",
            "tools.jackson.core.JsonToken.START_OBJECT"),
        new Border(
            "packages have no cycles",
            slices().matching("selvedge.(**)").should().beFreeOfCycles(),
            "selvedge.model.wire",
            "selvedge.engine.Engine.class"));
  }

  private static DescribedPredicate<JavaAccess<?>> changesAStoreOfAnotherWriter() {
    return DescribedPredicate.describe(
        "a method that is marked WriterOnly, from one that is neither marked nor a writer's",
        access ->
            access.getTarget() instanceof CodeUnitAccessTarget target
                && target
                    .resolveMember()
                    .filter(unit -> isMarked(unit, WriterOnly.class))
                    .isPresent()
                && !isWriter(access.getOriginOwner())
                && !isMarked(access.getOrigin(), WriterOnly.class));
  }

  /** A nested class belongs to the writer that it is declared in. */
  private static boolean isWriter(JavaClass type) {
    return WRITERS.contains(type.getFullName())
        || type.getEnclosingClass().map(Borders::isWriter).orElse(false);
  }

  private static ArchCondition<JavaMethod> beMarked() {
    return new ArchCondition<>("be marked WriterOnly or AnyThread") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        if (!isMarked(method, WriterOnly.class) && !isMarked(method, AnyThread.class)) {
          events.add(SimpleConditionEvent.violated(method, method.getFullName()));
        }
      }
    };
  }

  private static boolean isWritten(JavaMethod method) {
    return !method.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  /** Returns whether the method, one that it overrides, or the type of either is marked. */
  private static boolean isMarked(JavaCodeUnit unit, Class<? extends Annotation> mark) {
    return Stream.concat(Stream.of(unit.getOwner()), unit.getOwner().getAllRawInterfaces().stream())
        .anyMatch(
            type ->
                type.tryGetMethod(unit.getName(), parameters(unit))
                    .map(method -> method.isAnnotatedWith(mark) || type.isAnnotatedWith(mark))
                    .orElse(false));
  }

  private static String[] parameters(JavaCodeUnit unit) {
    return unit.getRawParameterTypes().stream().map(JavaClass::getName).toArray(String[]::new);
  }

  private static DescribedPredicate<JavaAccess<?>> changesAFile() {
    return DescribedPredicate.describe(
        "opens or changes a file",
        access -> {
          String owner = access.getTargetOwner().getFullName();
          String name = access.getTarget().getName();
          return switch (owner) {
            case "java.nio.file.Files" ->
                !FILE_WALKS.contains(name) && FILE_READS.stream().noneMatch(name::startsWith);
            case "java.nio.channels.FileChannel", "java.nio.channels.AsynchronousFileChannel" ->
                name.equals("open");
            case "java.io.FileOutputStream", "java.io.RandomAccessFile", "java.io.FileWriter" ->
                true;
            case "java.io.File" ->
                name.startsWith("delete") || name.startsWith("rename") || name.startsWith("mkdir");
            default -> false;
          };
        });
  }

  private static ArchRule never(String owner, String... others) {
    return noClasses()
        .that(resideInAPackage(owner))
        .should()
        .dependOnClassesThat(resideInAnyPackage(others));
  }

  private static ArchRule dependsOnlyOn(String owner, String... others) {
    return classes()
        .that(resideInAPackage(owner))
        .should()
        .onlyDependOnClassesThat(
            resideInAPackage(owner)
                .or(resideInAnyPackage(others))
                .or(DescribedPredicate.describe("primitive", JavaClass::isPrimitive)));
  }

  private static ArchRule only(String owner, String library) {
    return noClasses().that(outside(owner)).should().dependOnClassesThat(resideInAPackage(library));
  }

  private static DescribedPredicate<JavaClass> outside(String... packages) {
    return DescribedPredicate.not(resideInAnyPackage(packages));
  }
}
