package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the Java code of the pages for Java developers, except that for Spring. */
final class DocumentedJavaTest {
  private static final List<String> PAGES =
      List.of(
          "README.md",
          "docs/tutorial/java.md",
          "docs/reference/java.md",
          "docs/reference/patterns.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");
  private static final Pattern CLASS = Pattern.compile("public class (\\w+)");

  /** Around a block without a class: the names that pages use without a declaration. */
  private static final String FRAME =
      """
      import java.net.URI;
      import java.nio.file.Path;
      import java.time.*;
      import java.util.*;
      import selvedge.client.*;
      import selvedge.model.*;
      import selvedge.model.testing.*;
      import selvedge.patterns.*;

      abstract class NAME {
        Namespace namespace;
        Locks locks;
        String token;

        abstract String render(String key);

        abstract String build(Lease lease);

        void run() throws Exception {
          BODY
        }
      }
      """;

  @TempDir Path folder;

  @Test
  void theJavaCodeOfThePagesCompiles() throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:none", "-d", folder.toString()));
    arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    for (String page : PAGES) {
      Matcher matcher = BLOCK.matcher(Tree.read(Tree.root().resolve(page)));
      while (matcher.find()) {
        arguments.add(source(matcher.group(1), arguments.size()).toString());
      }
    }
    assertThat(arguments).hasSizeGreaterThan(10);

    StringWriter output = new StringWriter();
    try (PrintWriter out = new PrintWriter(output)) {
      int status =
          ToolProvider.findFirst("javac")
              .orElseThrow()
              .run(out, out, arguments.toArray(String[]::new));
      assertThat(status).as(output.toString()).isZero();
    }
  }

  private Path source(String block, int number) throws Exception {
    Matcher type = CLASS.matcher(block);
    boolean whole = type.find();
    String name = whole ? type.group(1) : "Block" + number;
    return Files.writeString(
        folder.resolve(name + ".java"),
        whole ? block : FRAME.replace("NAME", name).replace("BODY", block));
  }
}
