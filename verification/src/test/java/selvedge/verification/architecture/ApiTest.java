package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The public API of the modules for programs is the one that {@code build/api} records.
 *
 * <p>With {@code -Dapi.record=true} it records additions and drops the intended breaks.
 */
final class ApiTest {
  private static final Path RECORDED = Tree.root().resolve("build/api");
  private static final Path INTENDED = RECORDED.resolve("intended-breaks.txt");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "client",
        "patterns",
        "embedded",
        "integrations/jackson",
        "integrations/junit",
        "integrations/micrometer"
      })
  void nothingOfTheApiIsBroken(String module) throws IOException {
    Path file = RECORDED.resolve(module.replace('/', '-') + ".txt");
    Set<String> recorded = lines(file);
    Set<String> current = api(module);
    Set<String> intended = lines(INTENDED);
    if (Boolean.getBoolean("api.record")) {
      recorded.removeAll(intended);
      recorded.addAll(current);
      Files.write(file, recorded);
    }

    assertThat(breaks(recorded, current))
        .as(
            "breaks of programs that use %s: mend them, or list them in %s with a line in the"
                + " changelog",
            module, INTENDED)
        .isSubsetOf(intended);
    assertThat(current)
        .as("the API of %s that %s records; run the test with -Dapi.record=true", module, file)
        .isSubsetOf(recorded);
  }

  @Test
  void aMissingLineAndANewAbstractMethodOfAnInterfaceAreBreaks() {
    Set<String> recorded = Set.of("public interface a.B", "a.B: public abstract void one()");

    assertThat(breaks(recorded, Set.of("public interface a.B"))).hasSize(1);
    assertThat(breaks(recorded, recorded)).isEmpty();
    Set<String> more = new TreeSet<>(recorded);
    more.add("a.B: public default void two()");
    assertThat(breaks(recorded, more)).isEmpty();
    more.add("a.B: public abstract void three()");
    assertThat(breaks(recorded, more)).containsExactly("a.B: public abstract void three()");
  }

  /** A program that implements an interface lacks its new abstract methods. */
  private static Set<String> breaks(Set<String> recorded, Set<String> current) {
    Set<String> breaks = new TreeSet<>(recorded);
    breaks.removeAll(current);
    Set<String> types =
        recorded.stream()
            .filter(line -> line.contains(": "))
            .map(line -> line.substring(0, line.indexOf(": ")))
            .collect(Collectors.toSet());
    current.stream()
        .filter(line -> line.contains(": public abstract ") && !recorded.contains(line))
        .filter(line -> types.contains(line.substring(0, line.indexOf(": "))))
        .forEach(breaks::add);
    return breaks;
  }

  private static Set<String> lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return new TreeSet<>();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** Returns each public type, and each public or protected member with its type before it. */
  private static Set<String> api(String module) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("-protected"));
    try (Stream<Path> files = Files.walk(Tree.root().resolve(module + "/target/classes"))) {
      files
          .map(Path::toString)
          .filter(name -> name.endsWith(".class") && !name.endsWith("-info.class"))
          .filter(name -> !name.contains("/model/wire/"))
          .sorted()
          .forEach(arguments::add);
    }
    var text = new StringWriter();
    try (var out = new PrintWriter(text)) {
      int status =
          ToolProvider.findFirst("javap")
              .orElseThrow()
              .run(out, out, arguments.toArray(String[]::new));
      assertThat(status).as(text.toString()).isZero();
    }
    return publicLines(text.toString());
  }

  /** A member of a type that is not public is not public, although its class file says so. */
  private static Set<String> publicLines(String text) {
    Set<String> types =
        text.lines()
            .filter(line -> line.startsWith("public "))
            .map(ApiTest::name)
            .collect(Collectors.toSet());
    Set<String> api = new TreeSet<>();
    String type = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("public ") && isReachable(name(line), types)) {
        String header = line.substring(0, line.length() - " {".length());
        api.add(header);
        type = name(header);
      } else if (line.equals("}")) {
        type = "";
      } else if (line.startsWith("  ") && !type.isEmpty()) {
        api.add(type + ": " + line.strip().replace(";", ""));
      }
    }
    return api;
  }

  private static boolean isReachable(String type, Set<String> types) {
    int nested = type.lastIndexOf('$');
    return nested < 0
        || (types.contains(type.substring(0, nested))
            && isReachable(type.substring(0, nested), types));
  }

  private static String name(String header) {
    String name = header.replaceFirst(".*?\\b(class|interface) ", "");
    return name.replaceFirst("[ <].*", "");
  }
}
