package selvedge.verification.process;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How a server is started: on which directory, with which JVM options and arguments.
 *
 * @param arguments what follows {@code serve --listen ADDRESS --data DIR}
 * @param port 0 for one that is free
 */
public record Launch(Path data, List<String> jvmOptions, List<String> arguments, int port) {

  /** The account that {@link RestClient} speaks for. */
  public static final String ACCOUNT = "0123456789abcdef0123456789abcdef";

  private static final String ORIGIN = "--origin";
  private static final Path LIBRARIES =
      Path.of("..", "cli", "target", "dist", "lib").toAbsolutePath();
  private static final List<String> JVM_OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  /** Options for a server that lives for seconds only. */
  private static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  public Launch {
    jvmOptions = List.copyOf(jvmOptions);
    arguments = List.copyOf(arguments);
  }

  public static Launch on(Path data) {
    return new Launch(data, QUICK, List.of(), 0);
  }

  /** With these JVM options and no others that shape its performance. */
  public Launch jvm(String... options) {
    return new Launch(data, List.of(options), arguments, port);
  }

  public Launch with(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new Launch(data, jvmOptions, all, port);
  }

  /** As an edge of that server, by which its account comes, too. */
  public Launch follow(URI origin, String location) {
    return with(ORIGIN, origin.toString(), "--location", location);
  }

  /** On this port, and not on one that is free. */
  public Launch listen(int number) {
    return new Launch(data, jvmOptions, arguments, number);
  }

  public Launch limit(String name, long value) {
    return with("--limit", name + "=" + value);
  }

  /** The command line, to be run to its end in the folder. */
  public static Program selvedge(Path folder, String... arguments) {
    return new Program(selvedge(QUICK), folder, Map.of()).with(List.of(arguments));
  }

  private static List<String> selvedge(List<String> jvmOptions) {
    if (!Files.isDirectory(LIBRARIES)) {
      throw new IllegalStateException(
          "there is no server in " + LIBRARIES + ": run mvn verify, which packages it first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(jvmOptions);
    command.addAll(List.of("-cp", LIBRARIES.resolve("*").toString(), "selvedge.cli.Main"));
    return command;
  }

  List<String> command() {
    List<String> command = selvedge(jvmOptions);
    command.addAll(List.of("serve", "--listen", "127.0.0.1:" + port, "--data", data.toString()));
    if (!arguments.contains(ORIGIN)) {
      command.addAll(List.of("--account", ACCOUNT));
    }
    command.addAll(arguments);
    return command;
  }
}
