package selvedge.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.files.FileFailures;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Profile;

final class ConfigTest {

  private static Config flag(String key, String value) {
    return Config.of(List.of(new Setting(key, value, "--" + key)));
  }

  @Test
  void hasDefaults() {
    Config config = Config.of(List.of());

    assertThat(config.host()).isEqualTo("127.0.0.1");
    assertThat(config.port()).isEqualTo(5820);
    assertThat(config.data()).isEqualTo(Path.of("./data"));
    assertThat(config.profile()).isEqualTo(Profile.OPEN);
    assertThat(config.limits().get(Limit.KEY_BYTES)).isEqualTo(512);
  }

  @Test
  void theLaterSettingCounts(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("selvedge.conf");
    Files.writeString(
        file, "# ours\nlisten = 0.0.0.0:1\nprofile=workers-free\nlimits.key-bytes = 100\n");
    List<Setting> settings = new ArrayList<>(Config.file(file));
    settings.addAll(Config.environment(Map.of("SELVEDGE_LISTEN", "[::1]:2", "PATH", "/bin")));
    settings.add(new Setting("limits.writes-per-day", "none", "--limit"));

    Config config = Config.of(settings);

    assertThat(config.host()).isEqualTo("::1");
    assertThat(config.port()).isEqualTo(2);
    assertThat(config.limits().get(Limit.KEY_BYTES)).isEqualTo(100);
    assertThat(config.limits().binds(Limit.WRITES_PER_DAY)).isFalse();
    assertThat(config.limits().get(Limit.LISTS_PER_DAY)).isEqualTo(1000);
  }

  @Test
  void namesAnUnknownSettingItsSourceAndASimilarOne(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("selvedge.conf");
    Files.writeString(file, "data = x\n\nlimits.key-byte = 100\n");

    assertThatThrownBy(() -> Config.of(Config.file(file)))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("limits.key-byte")
        .hasMessageContaining("line 3 of " + file)
        .hasMessageContaining("limits.key-bytes");
  }

  @Test
  void ignoresTheVariablesThatKubernetesSetsForServices() {
    Map<String, String> variables =
        Map.of(
            "SELVEDGE_PORT", "tcp://10.96.0.12:5820",
            "SELVEDGE_PORT_5820_TCP", "tcp://10.96.0.12:5820",
            "SELVEDGE_PORT_5820_TCP_PROTO", "tcp",
            "SELVEDGE_PORT_5820_TCP_PORT", "5820",
            "SELVEDGE_PORT_5820_TCP_ADDR", "10.96.0.12",
            "SELVEDGE_SERVICE_HOST", "10.96.0.12",
            "SELVEDGE_SERVICE_PORT", "5820",
            "SELVEDGE_SERVICE_PORT_HTTP", "5820",
            "SELVEDGE_ORIGIN_PORT", "tcp://10.96.0.13:5820",
            "SELVEDGE_LOCATION", "fra");

    assertThat(Config.of(Config.environment(variables)).location()).isEqualTo("fra");
    assertThatThrownBy(() -> Config.of(Config.environment(Map.of("SELVEDGE_PORT", "5820"))))
        .hasMessageContaining("unknown setting \"port\" (SELVEDGE_PORT)");
  }

  @Test
  void commentsMayFollowValues(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("selvedge.conf");
    Files.writeString(
        file,
        "listen = 0.0.0.0:1 # all addresses\n  # ours\nlocation = a#b\t# no comment before\n");

    assertThat(Config.file(file)).extracting(Setting::value).containsExactly("0.0.0.0:1", "a#b");
  }

  @Test
  void theLogHasSettings() {
    assertThat(flag("log-format", "json").logging().format()).isEqualTo("json");
    assertThat(flag("log-level", "debug").logging().level()).isEqualTo("debug");
    assertThat(flag("access-log", "2.5%").logging().access()).isEqualTo(0.025);
    assertThatThrownBy(() -> flag("log-level", "all"))
        .hasMessageContaining("must be one of debug, info, warn, error, got \"all\"");
    assertThatThrownBy(() -> flag("access-log", "101%")).hasMessageContaining("off, all or");
  }

  @Test
  void namesWhyAFileCannotBeRead(@TempDir Path directory) throws Exception {
    Path file = Files.createDirectory(directory.resolve("folder"));

    assertThatThrownBy(() -> Config.file(file)).hasMessageContaining("folder: Is a directory");
    assertThatThrownBy(() -> Config.file(directory.resolve("gone")))
        .hasMessageEndingWith("gone: no such file");
    assertThat(FileFailures.reason(new AccessDeniedException("secret")))
        .isEqualTo("permission denied");
  }

  @Test
  void errorsNameTheAllowedValues() {
    assertThatThrownBy(() -> flag("listen", "5820")).hasMessageContaining("HOST:PORT");
    assertThatThrownBy(() -> flag("listen", "localhost:x")).hasMessageContaining("0 to 65535");
    assertThatThrownBy(() -> flag("account", "me")).hasMessageContaining("32 lower-case hex");
    assertThatThrownBy(() -> flag("profile", "free")).hasMessageContaining("workers-free");
    assertThatThrownBy(() -> flag("tls-cert", "a.pem"))
        .hasMessageContaining("must be set together");
    assertThatThrownBy(() -> flag("limits.key-bytes", "many")).hasMessageContaining("--limits");
    assertThatThrownBy(() -> flag("limits.key-bytes", "0")).hasMessageContaining("1 to 2048");
  }

  @Test
  void readsTheRootTokenFromAFileAndDoesNotPrintIt(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("token");
    Files.writeString(file, "secret\n");

    Config config = flag("root-token-file", file.toString());

    assertThat(config.rootToken()).isEqualTo("secret");
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void takesAMasterKeyFromTheEnvironmentOrFromAFileOfItsOwn(@TempDir Path directory)
      throws Exception {
    String key = AesMasterKey.generate();
    Path file = directory.resolve("key");
    Files.writeString(file, key + "\n");
    String id = flag("encryption-key-file", file.toString()).encryption().read().getFirst().id();
    Map<String, String> variables = Map.of("SELVEDGE_ENCRYPTION_KEY", key);
    Config config = Config.of(Config.environment(variables));

    assertThat(config.encryption().read().getFirst().id()).isEqualTo(id);
    assertThat(config.toString()).doesNotContain(key);
    assertThat(Config.of(List.of()).encryption().read()).isEmpty();
    Path settings = directory.resolve("settings");
    Files.writeString(settings, "encryption-key = " + key + "\n");
    assertThatThrownBy(() -> Config.of(Config.file(settings)))
        .hasMessageContaining("SELVEDGE_ENCRYPTION_KEY, not in line 1 of " + settings)
        .hasMessageNotContaining(key);
    List<Setting> both = new ArrayList<>(Config.environment(variables));
    both.add(new Setting("encryption-key-file", file.toString(), "--encryption-key-file"));
    assertThatThrownBy(() -> Config.of(both)).hasMessageContaining("must not both be set");
  }

  @Test
  void aCodespaceIsAnAllowedHostOnlyWithTheSettingOpen() {
    Map<String, String> variables =
        Map.of(
            "CODESPACE_NAME",
            "fluffy-lamp",
            "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN",
            "app.github.dev");
    List<Setting> settings = new ArrayList<>(Config.environment(variables));
    assertThat(Config.of(settings).entrance().allowedHosts()).isEmpty();

    settings.add(new Setting("open", "true", "--open"));
    settings.add(new Setting("allowed-hosts", "kv.example, *.dev.example", "test"));
    assertThat(Config.of(settings).entrance().allowedHosts())
        .containsExactly("kv.example", "*.dev.example", "fluffy-lamp-5820.app.github.dev");
  }

  @Test
  void refusesInvalidHostsAndOrigins() {
    for (String[] wrong :
        new String[][] {
          {"open", "yes"},
          {"allowed-hosts", "*"},
          {"allowed-hosts", "http://kv.example"},
          {"allowed-origins", "*"},
          {"allowed-origins", "https://app.example/path"},
          {"allowed-origins", "app.example"}
        }) {
      assertThatThrownBy(() -> Config.of(List.of(new Setting(wrong[0], wrong[1], "test"))))
          .as(wrong[1])
          .hasMessageContaining(wrong[0] + " must be");
    }
  }
}
