package selvedge.cli;

import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.model.Limit;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.config.SettingKey;
import tools.jackson.databind.JsonNode;

/** {@code selvedge config}. */
@Command(
    name = "config",
    description = "Check, print or change the settings of a server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge config check --config /etc/selvedge/selvedge.conf",
      "  selvedge config show --config /etc/selvedge/selvedge.conf",
      "  selvedge config set feed-bytes 4294967296 --data /var/lib/selvedge",
      "  selvedge config reset feed-bytes --data /var/lib/selvedge",
      "",
      "check and show take the flags of selvedge serve, and read the environment as it does."
    })
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ConfigCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "missing command: one of check, show, set or reset");
  }

  @Command(
      name = "set",
      description = {
        "Change a limit of a running server.",
        "The server stores the value in its data directory. A flag, a variable and the file of"
            + " settings rank before it."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  void set(
      @Parameters(paramLabel = "LIMIT", description = "Name, such as feed-bytes.") String name,
      @Parameters(paramLabel = "VALUE", description = "A number, or none.") String value,
      @Mixin ServerFlags server) {
    change(server.remote(), "PUT", "?name=" + encoded(name) + "&value=" + encoded(value));
  }

  @Command(
      name = "reset",
      description = "Return a limit of a running server to the value of its profile.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  void reset(
      @Parameters(paramLabel = "LIMIT", description = "Name, such as feed-bytes.") String name,
      @Mixin ServerFlags server) {
    change(server.remote(), "DELETE", "?name=" + encoded(name));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private void change(Remote remote, String method, String query) {
    JsonNode answer = remote.request(method, "/v1/settings" + query, "");
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        answer.path("name").asString()
            + " = "
            + answer.path("value").asString()
            + (answer.path("restart").asBoolean() ? ", from the next start on" : ""));
    out.flush();
  }

  private static List<Setting> settings(CommandSpec command) {
    return SettingOptions.read(command.commandLine().getParseResult(), System.getenv());
  }

  /** {@code selvedge config check}. */
  @Command(
      name = "check",
      description = "Check the settings. Exit status: 0 if a server accepts them, 1 if not.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Check implements Runnable {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
    Check() {}

    @Override
    public void run() {
      Config _ = Config.of(settings(spec));
      PrintWriter out = spec.commandLine().getOut();
      out.println("the settings are valid");
      out.flush();
    }
  }

  /** {@code selvedge config show}. */
  @Command(
      name = "show",
      description = "Print every setting that is not empty, its value and its source.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Show implements Runnable {
    @Spec private CommandSpec spec;

    @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
    Show() {}

    @Override
    public void run() {
      List<Setting> given = settings(spec);
      Config config = Config.of(given);
      Map<String, Setting> all = new LinkedHashMap<>();
      for (SettingKey key : SettingKey.values()) {
        all.put(key.id(), new Setting(key.id(), key.standard(), "the default"));
      }
      given.forEach(setting -> all.put(setting.key(), setting));
      Map<String, Setting> limits = new TreeMap<>();
      for (Limit limit : Limit.values()) {
        Setting setting = config.running().setting(limit);
        all.remove(setting.key());
        limits.put(setting.key(), setting);
      }
      all.putAll(limits);
      PrintWriter out = spec.commandLine().getOut();
      all.values().stream()
          .filter(setting -> !setting.value().isEmpty())
          .forEach(setting -> out.println(line(setting)));
      out.flush();
    }

    /** Returns a line of a settings file. The value of a secret is left out. */
    private static String line(Setting setting) {
      return setting.key() + " = " + setting.shown().value() + "  # " + setting.source();
    }
  }
}
