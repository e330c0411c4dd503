package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import selvedge.model.Limit;
import selvedge.model.Profile;
import selvedge.server.config.Config;
import selvedge.server.config.SettingKey;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;

/** Every setting and every limit can be a flag, a variable and a line of a file. */
final class SettingSourcesTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(5);
  private static final String LIMITS = "limits.";

  @TempDir Path folder;

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(folder.resolve("secret"), "0123456789abcdef0123456789abcdef");
  }

  /** A valid combination of settings. Together, the servers have all of them. */
  enum Kind {
    ORIGIN(
        """
        listen 127.0.0.1:5821
        data d
        profile workers-paid
        account 0123456789abcdef0123456789abcdef
        root-token-file FOLDER/secret
        open true
        allowed-hosts kv.example
        allowed-origins https://app.example
        codespace name.example
        tls-cert cert
        tls-key key
        ca ca
        peer-ca ca
        peers fra.example
        client-certificates true
        cluster-id 0123456789abcdef
        new-cluster true
        encryption-key-file FOLDER/secret
        backup-dir b
        transport nio
        loops 2
        log-format json
        log-level debug
        access-log 1%
        otlp http://127.0.0.1:4318
        otlp-headers X-Key=secret
        trace-share 2%
        """),
    EDGE(
        """
        origin https://kv.example:5820
        origin-token-file FOLDER/secret
        location fra
        cached 0123456789abcdef0123456789abcdef
        peer-cert cert
        peer-key key
        """),
    VOTER(
        """
        node a
        cluster a=127.0.0.1:5900
        join 127.0.0.1:5820
        advertise http://127.0.0.1:5820
        cluster-ca ca
        cluster-cert cert
        cluster-key key
        root-token 0123456789abcdef0123456789abcdef
        origin-token 0123456789abcdef0123456789abcdef
        """);

    private final String lines;

    Kind(String lines) {
      this.lines = lines;
    }

    Map<String, String> settings(Path folder) {
      Map<String, String> settings = new LinkedHashMap<>();
      lines
          .replace("FOLDER", folder.toString())
          .lines()
          .map(line -> line.split(" ", 2))
          .forEach(word -> settings.put(word[0], word[1]));
      if (this == ORIGIN) {
        for (Limit limit : Limit.values()) {
          settings.put(LIMITS + limit.id(), Config.text(limit.in(Profile.WORKERS_PAID)));
        }
      }
      return settings;
    }
  }

  /** Returns whether the command line has no flag for the setting. */
  private static boolean isWithoutFlag(String key) {
    return SettingKey.of(key).filter(each -> !each.hasFlag()).isPresent();
  }

  private static String variable(String key) {
    return "SELVEDGE_" + key.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
  }

  /** Runs {@code config show}, and requires that every setting comes from its source. */
  private void requireShown(
      Map<String, String> settings, Map<String, String> sources, ProcessResult show) {
    List<String> shown = show.ok().text().lines().toList();
    sources.forEach(
        (key, source) -> {
          boolean secret = SettingKey.of(key).filter(SettingKey::isSecret).isPresent();
          assertThat(shown)
              .contains(key + " = " + (secret ? "(secret)" : settings.get(key)) + "  # " + source);
        });
  }

  @Test
  void theKindsHaveEverySetting() {
    Set<String> known =
        Arrays.stream(SettingKey.values())
            .map(SettingKey::id)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    // The one is a variable only, the other one needs a plugin.
    known.removeAll(List.of("encryption-key", "encryption-kms"));
    for (Limit limit : Limit.values()) {
      known.add(LIMITS + limit.id());
    }

    Set<String> all = new LinkedHashSet<>();
    for (Kind kind : Kind.values()) {
      all.addAll(kind.settings(folder).keySet());
    }

    assertThat(all).containsExactlyInAnyOrderElementsOf(known);
  }

  @ParameterizedTest
  @EnumSource
  void everySettingIsAFlag(Kind kind) {
    List<String> arguments = new ArrayList<>(List.of("config", "show"));
    Map<String, String> sources = new LinkedHashMap<>();
    kind.settings(folder)
        .forEach(
            (key, value) -> {
              boolean isSwitch = SettingKey.of(key).filter(SettingKey::isSwitch).isPresent();
              if (key.startsWith(LIMITS)) {
                arguments.add("--limit=" + key.substring(LIMITS.length()) + "=" + value);
                sources.put(key, "--limit");
              } else if (!isWithoutFlag(key)) {
                arguments.add(isSwitch ? "--" + key : "--" + key + "=" + value);
                sources.put(key, "--" + key);
              }
            });

    requireShown(kind.settings(folder), sources, Command.run(arguments.toArray(String[]::new)));
  }

  @ParameterizedTest
  @EnumSource
  void everySettingIsAVariable(Kind kind) {
    Map<String, String> variables = new LinkedHashMap<>();
    Map<String, String> sources = new LinkedHashMap<>();
    kind.settings(folder)
        .forEach(
            (key, value) -> {
              variables.put(variable(key), value);
              sources.put(key, variable(key));
            });

    requireShown(
        kind.settings(folder),
        sources,
        new Program(Launch.selvedge(folder, "config", "show").command(), folder, variables)
            .run(TIMEOUT));
  }

  @ParameterizedTest
  @EnumSource
  void everySettingIsALine(Kind kind) throws IOException {
    Path file = folder.resolve("selvedge.conf");
    List<String> lines = new ArrayList<>();
    Map<String, String> sources = new LinkedHashMap<>();
    kind.settings(folder)
        .forEach(
            (key, value) -> {
              lines.add(key + " = " + value + "  # a comment");
              sources.put(key, "line " + lines.size() + " of " + file);
            });
    Files.write(file, lines);

    requireShown(
        kind.settings(folder), sources, Command.run("config", "show", "--config", file.toString()));
  }
}
