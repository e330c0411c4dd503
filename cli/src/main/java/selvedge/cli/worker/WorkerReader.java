package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the settings of a Worker from a {@link WranglerFile}.
 *
 * <p>As in wrangler, an environment inherits the settings of the top level, but not its bindings.
 */
final class WorkerReader {
  /** The settings that this class reads. */
  private static final Set<String> SUPPORTED =
      Set.of(
          "$schema",
          "compatibility_date",
          "compatibility_flags",
          "data_blobs",
          "env",
          "kv_namespaces",
          "main",
          "name",
          "no_bundle",
          "secrets",
          "text_blobs",
          "vars",
          "wasm_modules");

  /** The settings that only the bundler of wrangler uses. */
  private static final Set<String> BUNDLER_ONLY =
      Set.of(
          "alias",
          "base_dir",
          "build",
          "define",
          "find_additional_modules",
          "jsx_factory",
          "jsx_fragment",
          "keep_names",
          "minify",
          "preserve_file_names",
          "python_modules",
          "rules",
          "tsconfig",
          "upload_source_maps");

  /** The settings that only Cloudflare uses and that a Worker does not need elsewhere. */
  private static final Set<String> CLOUDFLARE_ONLY =
      Set.of(
          "account_id",
          "compliance_region",
          "dev",
          "first_party_worker",
          "keep_vars",
          "legacy_env",
          "limits",
          "logpush",
          "migrations",
          "observability",
          "placement",
          "preview_urls",
          "previews",
          "route",
          "routes",
          "send_metrics",
          "workers_dev");

  /** Bindings and settings that a Worker needs and workerd alone does not have. */
  private static final Set<String> UNSUPPORTED =
      Set.of(
          "ai",
          "ai_search",
          "ai_search_namespaces",
          "analytics_engine_datasets",
          "artifacts",
          "assets",
          "browser",
          "cloudchamber",
          "containers",
          "d1_databases",
          "dispatch_namespaces",
          "durable_objects",
          "flagship",
          "hyperdrive",
          "images",
          "logfwdr",
          "media",
          "mtls_certificates",
          "pages_build_output_dir",
          "pipelines",
          "queues",
          "r2_buckets",
          "ratelimits",
          "secrets_store_secrets",
          "send_email",
          "services",
          "site",
          "stream",
          "streaming_tail_consumers",
          "tail_consumers",
          "triggers",
          "unsafe",
          "unsafe_hello_world",
          "vectorize",
          "version_metadata",
          "vpc_networks",
          "vpc_services",
          "worker_loaders",
          "workflows");

  /** The settings that an environment does not inherit from the top level. */
  private static final Set<String> NOT_INHERITED =
      Set.of("vars", "kv_namespaces", "secrets", "text_blobs", "data_blobs", "wasm_modules");

  private final Path file;
  private final Path folder;
  private final JsonNode top;
  private final JsonNode settings;
  private final String environment;
  private final Set<String> secrets;

  private WorkerReader(WranglerFile file, Set<String> secrets) {
    this.file = file.path();
    this.folder = file.path().resolveSibling("");
    this.top = file.root();
    this.environment = file.environment();
    this.secrets = Set.copyOf(secrets);
    this.settings = environment.isEmpty() ? top : environment(environment);
  }

  /**
   * Returns the settings of the Worker.
   *
   * @param secrets the environment variables that the Worker may read
   */
  static WorkerSettings read(WranglerFile file, Set<String> secrets) {
    return new WorkerReader(file, secrets).read();
  }

  private JsonNode environment(String name) {
    JsonNode environments = top.path("env");
    if (!environments.path(name).isObject()) {
      throw new InvalidRequestException(
          "%s has no environment %s; it has %s"
              .formatted(
                  file,
                  name,
                  environments.isEmpty() ? "none" : String.join(", ", names(environments))));
    }
    return environments.path(name);
  }

  private WorkerSettings read() {
    List<String> unsupported = new ArrayList<>();
    List<String> ignored = new ArrayList<>();
    for (String setting : settingNames()) {
      if (CLOUDFLARE_ONLY.contains(setting)) {
        ignored.add(setting);
      } else if (UNSUPPORTED.contains(setting) && isSet(setting)) {
        unsupported.add(setting + bindingsOf(find(setting)));
      } else if (!SUPPORTED.contains(setting)
          && !BUNDLER_ONLY.contains(setting)
          && !UNSUPPORTED.contains(setting)) {
        unsupported.add(setting + " (unknown setting)");
      }
    }
    return new WorkerSettings(
        file,
        environment,
        name(),
        main(),
        compatibilityDate(),
        texts("compatibility_flags"),
        !find("no_bundle").asBoolean(false),
        bindings(),
        unsupported,
        ignored);
  }

  private Set<String> settingNames() {
    Set<String> all = names(settings);
    for (String setting : names(top)) {
      if (!NOT_INHERITED.contains(setting)) {
        all.add(setting);
      }
    }
    return all;
  }

  private static Set<String> names(JsonNode node) {
    return new TreeSet<>(node.propertyNames());
  }

  private boolean isSet(String setting) {
    JsonNode value = find(setting);
    return !(value.isContainer() && value.isEmpty()) && !value.isNull();
  }

  private JsonNode find(String setting) {
    return settings.has(setting) || NOT_INHERITED.contains(setting)
        ? settings.path(setting)
        : top.path(setting);
  }

  /** Returns the names of the bindings that the Worker will not have, for a message. */
  private static String bindingsOf(JsonNode value) {
    List<String> names = new ArrayList<>();
    for (JsonNode binding : value.findValues("binding")) {
      names.add(binding.asString(""));
    }
    for (JsonNode binding : value.path("bindings")) {
      names.add(binding.path("name").asString(""));
    }
    names.removeIf(String::isEmpty);
    return names.isEmpty() ? "" : " (missing in the Worker: " + String.join(", ", names) + ")";
  }

  private String name() {
    String name = find("name").asString("worker");
    boolean suffixed = !environment.isEmpty() && !settings.has("name");
    return suffixed ? name + "-" + environment : name;
  }

  private Path main() {
    String main = find("main").asString("");
    if (main.isEmpty()) {
      throw new InvalidRequestException(
          file + " must have the setting main, for example main = \"src/index.js\"");
    }
    return path("main", main);
  }

  private String compatibilityDate() {
    String date = find("compatibility_date").asString("");
    if (date.isEmpty()) {
      throw new InvalidRequestException(
          file + " must have the setting compatibility_date, for example 2026-01-01");
    }
    return date;
  }

  private List<String> texts(String setting) {
    List<String> texts = new ArrayList<>();
    find(setting).forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private List<Binding> bindings() {
    List<Binding> bindings = new ArrayList<>();
    for (JsonNode namespace : find("kv_namespaces")) {
      String name = required(namespace, "binding");
      String id = namespace.path("id").asString(name);
      bindings.add(new Binding.Kv(name, id, namespace.path("preview_id").asString(id)));
    }
    find("vars")
        .properties()
        .forEach(entry -> bindings.add(variable(entry.getKey(), entry.getValue())));
    for (JsonNode secret : find("secrets").path("required")) {
      bindings.add(secret(secret.asString()));
    }
    files("text_blobs", bindings, Binding.TextFile::new);
    files("data_blobs", bindings, Binding.BytesFile::new);
    files("wasm_modules", bindings, Binding.WasmFile::new);
    return bindings;
  }

  private static Binding variable(String name, JsonNode value) {
    return value.isString()
        ? new Binding.Text(name, value.asString())
        : new Binding.Json(name, value.toString());
  }

  /**
   * Returns the binding of a secret. The user must allow each one: a downloaded project must not
   * choose which environment variables it reads.
   */
  private Binding secret(String name) {
    if (!secrets.contains(name)) {
      throw new InvalidRequestException(
          "%s requires the environment variable %s as a secret: allow it with --secret %s"
              .formatted(file, name, name));
    }
    return new Binding.Secret(name);
  }

  private void files(
      String setting, List<Binding> bindings, BiFunction<String, Path, Binding> binding) {
    find(setting)
        .properties()
        .forEach(
            entry ->
                bindings.add(
                    binding.apply(
                        entry.getKey(),
                        inFolder(setting + "." + entry.getKey(), entry.getValue()))));
  }

  /**
   * Returns a file of the Worker. It must be in the folder of the configuration, also after links
   * are resolved.
   */
  private Path inFolder(String setting, JsonNode value) {
    Path path = path(setting, value.asString());
    if (!real(path).startsWith(real(folder))) {
      throw new InvalidRequestException(
          "%s: %s is %s, which must be inside the folder of the Worker: copy the file into it"
              .formatted(file, setting, value.asString()));
    }
    return path;
  }

  private Path path(String setting, String name) {
    try {
      return folder.resolve(name).normalize();
    } catch (InvalidPathException e) {
      throw new InvalidRequestException(
          "%s: %s must be the path of a file: %s".formatted(file, setting, e.getReason()));
    }
  }

  private static Path real(Path path) {
    Path absolute = path.toAbsolutePath().normalize();
    if (!Files.exists(absolute)) {
      return absolute;
    }
    try {
      return absolute.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private String required(JsonNode node, String member) {
    String text = node.path(member).asString("");
    if (text.isEmpty()) {
      throw new InvalidRequestException(
          file + ": each entry of kv_namespaces must have " + member + ", got " + node);
    }
    return text;
  }
}
