package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Javadoc of the published modules has no errors, and its examples are compiled and run. */
final class JavadocTest {
  private static final List<String> MODULES = List.of("model", "client", "patterns", "embedded");
  private static final Pattern SNIPPET =
      Pattern.compile("@snippet class=\"([\\w.]+)\" region=\"(\\w+)\"");

  @TempDir Path folder;

  private static List<Path> sources() {
    return Tree.files(".java").stream().filter(JavadocTest::isPublished).toList();
  }

  private static boolean isPublished(Path file) {
    Path inside = Tree.root().relativize(file);
    return MODULES.contains(inside.getName(0).toString())
        && inside.startsWith(inside.getName(0) + "/src/main/java");
  }

  @Test
  void javadocReportsNoErrors() {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-quiet", "-Xdoclint:all", "-Werror", "-notimestamp"));
    arguments.add("-Xdoclint/package:-selvedge.model.wire");
    arguments.addAll(List.of("-d", folder.toString()));
    arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    arguments.addAll(List.of("--snippet-path", Tree.root() + "/examples/java/src/main/java"));
    sources().forEach(file -> arguments.add(file.toString()));
    StringWriter output = new StringWriter();
    try (PrintWriter out = new PrintWriter(output)) {
      int status =
          ToolProvider.findFirst("javadoc")
              .orElseThrow()
              .run(out, out, arguments.toArray(String[]::new));
      assertThat(status).as(output.toString()).isZero();
    }
    String page = Tree.read(folder.resolve("selvedge/patterns/Cache.html"));
    assertThat(page).contains("CacheOptions.fresh(Duration.ofMinutes(1))");
  }

  @Test
  void theMainTypesHaveExamples() {
    Stream<Matcher> snippets = sources().stream().map(file -> SNIPPET.matcher(Tree.read(file)));
    assertThat(
            snippets
                .flatMap(Matcher::results)
                .map(found -> found.group(2))
                .collect(Collectors.toSet()))
        .contains("selvedge", "put", "condition", "freshness", "watch", "fake", "client")
        .contains("cache", "sessions", "settings", "flags", "limits", "locks", "events")
        .contains("counts", "bulk", "regions", "reader");
  }
}
