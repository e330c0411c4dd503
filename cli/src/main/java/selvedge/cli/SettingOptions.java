package selvedge.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.config.SettingKey;

/** The flags of the settings of a server, made from the table of settings. Stateless. */
final class SettingOptions {
  private static final String FILE = "--config";
  private static final String LIMIT = "--limit";

  private SettingOptions() {}

  /** Adds a flag for each setting to a command. */
  static void addTo(CommandSpec command) {
    for (SettingKey key : SettingKey.values()) {
      if (key.hasFlag()) {
        command.addOption(option(key));
      }
    }
    command.addOption(
        OptionSpec.builder(FILE)
            .paramLabel("FILE")
            .type(Path.class)
            .description("Settings as key = value.")
            .build());
    command.addOption(
        OptionSpec.builder(LIMIT)
            .paramLabel("NAME=VALUE")
            .type(Map.class)
            .auxiliaryTypes(String.class, String.class)
            .description("Set one limit; may be repeated.")
            .build());
  }

  private static OptionSpec option(SettingKey key) {
    String standard = key.standard().isEmpty() || key.isSwitch() ? "" : key.standard();
    OptionSpec.Builder option =
        OptionSpec.builder("--" + key.id())
            // picocli formats descriptions, where a percent sign has a meaning.
            .description(
                (key.help() + (standard.isEmpty() ? "" : " Default " + standard + "."))
                    .replace("%", "%%"));
    return key.isSwitch()
        ? option.type(boolean.class).arity("0").build()
        : option.type(String.class).paramLabel(key.form()).build();
  }

  /** Returns the settings of file, environment and flags, in the order in which they override. */
  static List<Setting> read(ParseResult parsed, Map<String, String> environment) {
    List<Setting> settings = new ArrayList<>();
    Path file = parsed.matchedOptionValue(FILE, (Path) null);
    if (file != null) {
      settings.addAll(Config.file(file));
    }
    settings.addAll(Config.environment(environment));
    for (SettingKey key : SettingKey.values()) {
      String flag = "--" + key.id();
      if (key.hasFlag() && parsed.hasMatchedOption(flag)) {
        Object value = parsed.matchedOptionValue(flag, (Object) "");
        settings.add(new Setting(key.id(), String.valueOf(value), flag));
      }
    }
    Map<String, String> limits = parsed.matchedOptionValue(LIMIT, Map.of());
    limits.forEach((id, value) -> settings.add(new Setting("limits." + id, value, LIMIT)));
    return settings;
  }
}
