package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Describes the machine of the race. */
final class Machine {
  private Machine() {}

  static List<String> describe(Environment environment) throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    String model =
        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 2))
            .findFirst()
            .orElse("unknown processor");
    lines.add(Runtime.getRuntime().availableProcessors() + " processors: " + model);
    lines.add(
        Files.readAllLines(Path.of("/proc/meminfo")).getFirst().replaceAll("\\s+", " ")
            + ", Linux "
            + System.getProperty("os.version").replaceAll("-.*", ""));
    lines.add("JDK " + Runtime.version());
    lines.add(first(List.of(environment.require("nginx").toString(), "-v")));
    lines.add(first(List.of(environment.require("redis-server").toString(), "--version")));
    return lines;
  }

  private static String first(List<String> command) throws IOException, InterruptedException {
    return Program.run(command).lines().findFirst().orElse("");
  }
}
