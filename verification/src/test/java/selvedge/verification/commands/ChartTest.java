package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.TemplateCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.verification.process.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The Helm chart, rendered by Helm, the compose file and the unit of systemd. */
final class ChartTest {
  private static final Path DIST = Path.of("..", "dist").toAbsolutePath().normalize();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Map<String, String> ORIGIN = Map.of("rootTokenSecret", "root");
  private static final Map<String, String> EDGE =
      Map.of(
          "role",
          "edge",
          "replicas",
          "2",
          "edge.origin",
          "https://kv.example:5820",
          "edge.tokenSecret",
          "edge",
          "tls.secret",
          "tls",
          "tls.authoritySecret",
          "authority");
  private static final Map<String, String> QUORUM =
      Map.of(
          "role",
          "quorum",
          "replicas",
          "3",
          "rootTokenSecret",
          "root",
          "quorum.certificatesSecret",
          "voters");

  private static String rendered(Map<String, String> values) {
    TemplateCommand command =
        new Helm(DIST.resolve("helm/selvedge")).template().withName("kv").withNamespace("data");
    values.forEach(command::set);
    return command.call();
  }

  private static JsonNode object(String manifests, String kind, String name) throws Exception {
    try (MappingIterator<JsonNode> all = YAML.readerFor(JsonNode.class).readValues(manifests)) {
      while (all.hasNext()) {
        JsonNode each = all.next();
        if (each.path("kind").asString("").equals(kind)
            && each.path("metadata").path("name").asString("").equals(name)) {
          return each;
        }
      }
    }
    throw new AssertionError("no " + kind + " " + name + " in:\n" + manifests);
  }

  @Test
  void votersStartTogetherAndFindEachOtherBeforeTheyAreReady() throws Exception {
    String manifests = rendered(QUORUM);

    JsonNode pods = object(manifests, "Service", "kv-pods").path("spec");
    assertThat(pods.path("clusterIP").asString()).isEqualTo("None");
    assertThat(pods.path("publishNotReadyAddresses").asBoolean()).isTrue();
    JsonNode set = object(manifests, "StatefulSet", "kv").path("spec");
    assertThat(set.path("podManagementPolicy").asString()).isEqualTo("Parallel");
    assertThat(set.path("serviceName").asString()).isEqualTo("kv-pods");
    assertThat(arguments(set))
        .contains(
            "--cluster=kv-0=kv-0.kv-pods.data.svc:5900,kv-1=kv-1.kv-pods.data.svc:5900,"
                + "kv-2=kv-2.kv-pods.data.svc:5900");
    object(manifests, "PodDisruptionBudget", "kv");
  }

  /** An upgrade renders the templates again, and would replace what they generate. */
  @Test
  void noTemplateAndNoPodMakesACertificate() throws Exception {
    for (Map<String, String> values : List.of(ORIGIN, EDGE, QUORUM)) {
      String manifests = rendered(values);

      assertThat(manifests).doesNotContain("kind: Secret", "kind: Job", "initContainers");
      assertThat(arguments(object(manifests, "StatefulSet", "kv").path("spec")))
          .startsWith("serve");
    }
    try (Stream<Path> templates = Files.list(DIST.resolve("helm/selvedge/templates"))) {
      for (Path template : templates.toList()) {
        assertThat(template).content().doesNotContain("genCA", "genSignedCert", "genSelfSigned");
      }
    }
    assertThat(new Helm(DIST.resolve("helm/selvedge")).lint().quiet().call().getMessages())
        .noneMatch(message -> message.contains("[ERROR] templates"));
  }

  /** The files are those of {@code selvedge cluster certificates}. */
  @Test
  void aVoterFindsItsCertificateInTheSecret(@TempDir Path folder) throws Exception {
    Command.run("cluster", "certificates", "kv-0", "--directory", folder.toString()).ok();

    for (String argument : arguments(object(rendered(QUORUM), "StatefulSet", "kv").path("spec"))) {
      if (argument.matches("--cluster-(ca|cert|key)=.*")) {
        assertThat(folder.resolve(Path.of(argument).getFileName())).exists();
      }
    }
  }

  @Test
  void theSecretsOfCertManagerGiveEachVoterItsCertificate() throws Exception {
    Map<String, String> values = new LinkedHashMap<>(QUORUM);
    values.remove("quorum.certificatesSecret");
    values.put("quorum.certificateSecrets[0]", "x");
    values.put("quorum.certificateSecrets[1]", "y");
    assertThatThrownBy(() -> rendered(values))
        .hasMessageContaining("set either quorum.certificatesSecret");
    values.put("quorum.certificateSecrets[2]", "z");

    JsonNode volumes =
        object(rendered(values), "StatefulSet", "kv").path("spec").path("template").path("spec");

    assertThat(volumes.path("volumes").toString())
        .contains(
            "{\"name\":\"x\",\"items\":[{\"key\":\"ca.crt\",\"path\":\"cluster-ca.pem\"},"
                + "{\"key\":\"tls.crt\",\"path\":\"kv-0.pem\"},"
                + "{\"key\":\"tls.key\",\"path\":\"kv-0-key.pem\"}]}")
        .contains(
            "{\"name\":\"z\",\"items\":[{\"key\":\"tls.crt\",\"path\":\"kv-2.pem\"},"
                + "{\"key\":\"tls.key\",\"path\":\"kv-2-key.pem\"}]}");
  }

  @Test
  void everyRoleHasArgumentsThatAServerAccepts() throws Exception {
    for (Map<String, String> values : List.of(ORIGIN, EDGE, QUORUM)) {
      JsonNode set = object(rendered(values), "StatefulSet", "kv").path("spec");

      requireKnown(arguments(set));
    }
  }

  private static List<String> arguments(JsonNode set) {
    List<String> arguments = new ArrayList<>();
    for (JsonNode each :
        set.path("template").path("spec").path("containers").path(0).path("args")) {
      arguments.add(each.asString().replace("$(POD_NAME)", "kv-0"));
    }
    return arguments;
  }

  /** Parses the arguments as settings, without the files that a container has. */
  private static void requireKnown(List<String> arguments) {
    List<Setting> settings = new ArrayList<>();
    for (String argument : arguments.subList(1, arguments.size())) {
      String[] parts = argument.substring(2).split("=", 2);
      String key = parts[0].replaceFirst("-token-file$", "-token");
      settings.add(new Setting(key, parts[1], argument));
    }
    Config config = Config.of(settings);
    assertThat(config.data()).isEqualTo(Path.of("/var/lib/selvedge"));
  }

  @Test
  void serversHaveFewRights() throws Exception {
    JsonNode pod = object(rendered(ORIGIN), "StatefulSet", "kv").path("spec").path("template");
    JsonNode container = pod.path("spec").path("containers").path(0).path("securityContext");

    assertThat(pod.path("spec").path("securityContext").path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod.path("spec").path("enableServiceLinks").asBoolean(true)).isFalse();
    assertThat(container.path("readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(container.path("capabilities").path("drop").path(0).asString()).isEqualTo("ALL");
  }

  @Test
  void wrongValuesAreRefusedWithTheReason() {
    assertThatThrownBy(() -> rendered(Map.of()))
        .hasMessageContaining("rootTokenSecret must name a Secret with the key token");
    assertThatThrownBy(() -> rendered(Map.of("role", "replica")))
        .hasMessageContaining("role must be origin, edge or quorum, got \"replica\"");
    assertThatThrownBy(() -> rendered(Map.of("role", "quorum", "replicas", "2")))
        .hasMessageContaining("replicas must be odd and at least 3 for a quorum, got 2");
  }

  @Test
  void theComposeFileHasArgumentsThatAServerAccepts() throws Exception {
    // Jackson does not resolve the references between parts of a file.
    Object file = new Load(LoadSettings.builder().build()).loadFromString(compose());
    JsonNode services = YAML.<JsonNode>valueToTree(Objects.requireNonNull(file)).path("services");

    List<String> origin = List.of("serve", "--data=/var/lib/selvedge");
    for (String service : List.of("origin", "edge", "a", "b", "c")) {
      List<String> words = new ArrayList<>();
      services.path(service).path("command").forEach(word -> words.add(word.asString()));
      assertThat(words).as(service).startsWith("serve");
      List<String> arguments = new ArrayList<>(origin);
      for (int i = 1; i < words.size(); i++) {
        boolean isWhole = words.get(i).contains("=");
        arguments.add(isWhole ? words.get(i) : words.get(i) + "=" + words.get(++i));
      }
      if (service.length() == 1) {
        arguments.addAll(List.of("--node=" + service, "--listen=0.0.0.0:5820"));
      }
      requireKnown(arguments);
    }
  }

  private static String compose() throws IOException {
    return Files.readString(DIST.resolve("compose.yaml"));
  }

  @Test
  void theUnitNotifiesAndKeepsItsRightsSmall() throws Exception {
    assertThat(Files.readAllLines(DIST.resolve("deb/selvedge.service")))
        .contains(
            "Type=notify",
            "User=selvedge",
            "ExecReload=/bin/kill -HUP $MAINPID",
            "ProtectSystem=strict",
            "NoNewPrivileges=true",
            "StateDirectory=selvedge");
  }
}
