package selvedge.verification.process;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import selvedge.server.config.Setting;

/**
 * The data directory, the JVM options and the arguments of a server process.
 *
 * @param arguments the arguments after {@code serve --listen ADDRESS --data DIR}
 * @param port 0 for a free port
 * @param extension the classes and variables of a plugin
 */
public record Launch(
    Path data, List<String> jvmOptions, List<String> arguments, int port, Extension extension) {

  /** The account of {@link RestClient}. */
  public static final String ACCOUNT = "0123456789abcdef0123456789abcdef";

  private static final String ORIGIN = "--origin";
  static final Path LIBRARIES = Path.of("..", "cli", "target", "dist", "lib").toAbsolutePath();
  private static final List<String> JVM_OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  /** JVM options for a server that runs for a few seconds. */
  static final List<String> QUICK = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  /**
   * Classes that a user adds to the command.
   *
   * @param classPath empty for none
   * @param variables for the environment
   * @param isRelease whether the class path has the command, too, in place of that of this build
   */
  public record Extension(String classPath, Map<String, String> variables, boolean isRelease) {
    private static final Extension NONE = new Extension("", Map.of());

    public Extension {
      variables = Map.copyOf(variables);
    }

    public Extension(String classPath, Map<String, String> variables) {
      this(classPath, variables, false);
    }

    /** Returns another release of the command. */
    public static Extension release(String classPath) {
      return new Extension(classPath, Map.of(), true);
    }
  }

  public Launch {
    jvmOptions = List.copyOf(jvmOptions);
    arguments = List.copyOf(arguments);
  }

  public static Launch on(Path data) {
    return new Launch(data, QUICK, List.of(), 0, Extension.NONE);
  }

  /** Returns a launch with these JVM options instead of the default ones. */
  public Launch jvm(String... options) {
    return new Launch(data, List.of(options), arguments, port, extension);
  }

  /** Returns a launch with these JVM options in addition. */
  public Launch andJvm(String... options) {
    List<String> all = new ArrayList<>(jvmOptions);
    all.addAll(List.of(options));
    return new Launch(data, all, arguments, port, extension);
  }

  public Launch with(String... more) {
    List<String> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return new Launch(data, jvmOptions, all, port, extension);
  }

  /** Returns a launch of an edge of the server, which also has the account of that server. */
  public Launch follow(URI origin, String location) {
    return with(ORIGIN, origin.toString(), "--location", location);
  }

  /** Returns a launch on this port. */
  public Launch listen(int number) {
    return new Launch(data, jvmOptions, arguments, number, extension);
  }

  /** Returns a launch on a machine that can lose its power. */
  public Launch on(PreloadedMachine machine) {
    return extended(new Extension("", machine.environment()));
  }

  /** Returns a launch with a plugin. */
  public Launch extended(Extension plugin) {
    return new Launch(data, jvmOptions, arguments, port, plugin);
  }

  public Launch limit(String name, long value) {
    return with("--limit", name + "=" + value);
  }

  /** Returns the selvedge command as a program in the folder. */
  public static Program selvedge(Path folder, String... arguments) {
    return selvedge(folder, Extension.NONE).with(List.of(arguments));
  }

  /** Returns the selvedge command with a plugin. */
  public static Program selvedge(Path folder, Extension plugin) {
    return new Program(selvedge(QUICK, plugin), folder, plugin.variables());
  }

  private static List<String> selvedge(List<String> jvmOptions, Extension plugin) {
    if (!Files.isDirectory(LIBRARIES)) {
      throw new IllegalStateException(
          "no server in " + LIBRARIES + ": run mvn verify, which packages it first");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(jvmOptions);
    if (isQuick(jvmOptions) && !plugin.isRelease()) {
      command.addAll(ClassCache.options());
    }
    command.addAll(List.of("-cp", classPath(plugin), "selvedge.cli.Main"));
    return command;
  }

  /** Returns whether the class cache fits a JVM. System properties do not matter to it. */
  private static boolean isQuick(List<String> jvmOptions) {
    return jvmOptions.stream().filter(each -> !each.startsWith("-D")).toList().equals(QUICK);
  }

  private static String classPath(Extension plugin) {
    String own = LIBRARIES.resolve("*").toString();
    if (plugin.classPath().isEmpty()) {
      return own;
    }
    return plugin.isRelease() ? plugin.classPath() : own + File.pathSeparator + plugin.classPath();
  }

  /** Returns the same as settings of a server in this process. */
  List<Setting> settings() {
    List<Setting> settings = new ArrayList<>();
    settings.add(setting("listen", "127.0.0.1:" + port));
    settings.add(setting("data", data.toString()));
    if (!arguments.contains(ORIGIN)) {
      settings.add(setting("account", ACCOUNT));
    }
    for (int i = 0; i < arguments.size(); i += 2) {
      String[] limit = arguments.get(i + 1).split("=", 2);
      settings.add(
          arguments.get(i).equals("--limit")
              ? setting("limits." + limit[0], limit[1])
              : setting(arguments.get(i).substring("--".length()), arguments.get(i + 1)));
    }
    return settings;
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  List<String> command() {
    // Under nohup, which is how a long build may run, programs ignore the signal to read settings.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=HUP"));
    command.addAll(selvedge(jvmOptions, extension));
    command.addAll(List.of("serve", "--listen", "127.0.0.1:" + port, "--data", data.toString()));
    if (!arguments.contains(ORIGIN)) {
      command.addAll(List.of("--account", ACCOUNT));
    }
    command.addAll(arguments);
    return command;
  }
}
