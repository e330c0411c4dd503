package selvedge.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import selvedge.model.Limit;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.config.SettingKey;

/** {@code selvedge config}. */
@Command(
    name = "config",
    description = "Check or print the settings of a server without starting it.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class},
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge config check --config /etc/selvedge/selvedge.conf",
      "  selvedge config show --config /etc/selvedge/selvedge.conf",
      "",
      "Both take the flags of selvedge serve, and read the environment as it does."
    })
final class ConfigCommand implements Runnable {
  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  ConfigCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: one of check or show");
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
      Map<String, Setting> limits = new TreeMap<>();
      for (Limit limit : Limit.values()) {
        long value = config.limits().get(limit);
        String text = value == Limit.none() ? "none" : Long.toString(value);
        String key = "limits." + limit.id();
        limits.put(key, new Setting(key, text, "the profile " + config.profile().id()));
      }
      all.putAll(limits);
      given.forEach(setting -> all.put(setting.key(), setting));
      PrintWriter out = spec.commandLine().getOut();
      all.values().stream()
          .filter(setting -> !setting.value().isEmpty())
          .forEach(setting -> out.println(line(setting)));
      out.flush();
    }

    /** Returns a line of a settings file. The value of a secret is left out. */
    private static String line(Setting setting) {
      boolean secret = SettingKey.of(setting.key()).filter(SettingKey::isSecret).isPresent();
      return setting.key()
          + " = "
          + (secret ? "(secret)" : setting.value())
          + "  # "
          + setting.source();
    }
  }
}
