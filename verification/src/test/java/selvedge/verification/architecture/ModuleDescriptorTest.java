package selvedge.verification.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars of the published modules have descriptors. */
final class ModuleDescriptorTest {
  private static final Pattern JAR = Pattern.compile("selvedge-[a-z]+-[0-9.]+(-SNAPSHOT)?\\.jar");

  private static List<Path> modules() {
    return Tree.files("module-info.java").stream()
        .map(file -> file.resolve("../../../..").normalize())
        .toList();
  }

  private static Path jar(Path module) throws IOException {
    try (Stream<Path> files = Files.list(module.resolve("target"))) {
      return files
          .filter(file -> JAR.matcher(file.getFileName().toString()).matches())
          .findAny()
          .orElseThrow(() -> new AssertionError("no jar of " + module + ": run mvn package"));
    }
  }

  @Test
  void jarsHaveDescriptorsThatExportTheirPackage() throws IOException {
    assertThat(modules()).hasSize(4);
    for (Path module : modules()) {
      ModuleReference found = ModuleFinder.of(jar(module)).findAll().iterator().next();

      String name = "selvedge." + module.getFileName();
      assertThat(found.descriptor().isAutomatic()).as("of %s", module).isFalse();
      assertThat(found.descriptor().name()).isEqualTo(name);
      assertThat(found.descriptor().exports()).anyMatch(each -> each.source().equals(name));
    }
  }

  /** The compiler takes the classes for a module if it finds a descriptor where it writes to. */
  @Test
  void noDescriptorIsBesideTheClassesThatTheNextBuildCompiles() {
    assertThat(modules())
        .noneMatch(module -> Files.exists(module.resolve("target/classes/module-info.class")));
  }
}
