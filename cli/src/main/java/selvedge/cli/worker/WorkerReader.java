package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.JsonNode;

/**
 * Reads the settings of one Worker out of a {@link WranglerFile}.
 *
 * <p>An environment has the settings of the top level unless it has its own, but none of the top
 * level's bindings, as with wrangler itself.
 */
final class WorkerReader {
  /** What this class reads. */
  private static final Set<String> UNDERSTOOD =
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

  /** What only matters to wrangler while it bundles. */
  private static final Set<String> OF_THE_BUNDLE =
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

  /** What the service does around a Worker, and nobody misses elsewhere. */
  private static final Set<String> OF_THE_SERVICE =
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

  /** Bindings and settings that a Worker would miss; everything else is unknown. */
  private static final Set<String> MISSED =
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

  /** What an environment does not have from the top level. */
  private static final Set<String> NOT_INHERITED =
      Set.of("vars", "kv_namespaces", "secrets", "text_blobs", "data_blobs", "wasm_modules");

  private final Path file;
  private final Path folder;
  private final JsonNode top;
  private final JsonNode own;
  private final String environment;
  private final Set<String> secrets;

  private WorkerReader(WranglerFile file, Set<String> secrets) {
    this.file = file.path();
    this.folder = file.path().resolveSibling("");
    this.top = file.root();
    this.environment = file.environment();
    this.secrets = Set.copyOf(secrets);
    this.own = environment.isEmpty() ? top : environment(environment);
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
    List<String> pointless = new ArrayList<>();
    for (String setting : settings()) {
      if (OF_THE_SERVICE.contains(setting)) {
        pointless.add(setting);
      } else if (MISSED.contains(setting) && isSet(setting)) {
        unsupported.add(setting + bindingsOf(find(setting)));
      } else if (!UNDERSTOOD.contains(setting)
          && !OF_THE_BUNDLE.contains(setting)
          && !MISSED.contains(setting)) {
        unsupported.add(setting + " (not a setting that this version knows)");
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
        pointless);
  }

  private Set<String> settings() {
    Set<String> settings = names(own);
    for (String setting : names(top)) {
      if (!NOT_INHERITED.contains(setting)) {
        settings.add(setting);
      }
    }
    return settings;
  }

  private static Set<String> names(JsonNode node) {
    return new TreeSet<>(node.propertyNames());
  }

  private boolean isSet(String setting) {
    JsonNode value = find(setting);
    return !(value.isContainer() && value.isEmpty()) && !value.isNull();
  }

  private JsonNode find(String setting) {
    return own.has(setting) || NOT_INHERITED.contains(setting)
        ? own.path(setting)
        : top.path(setting);
  }

  /** Says which names the Worker will look for in vain. */
  private static String bindingsOf(JsonNode value) {
    List<String> names = new ArrayList<>();
    for (JsonNode each : value.findValues("binding")) {
      names.add(each.asString(""));
    }
    for (JsonNode each : value.path("bindings")) {
      names.add(each.path("name").asString(""));
    }
    names.removeIf(String::isEmpty);
    return names.isEmpty() ? "" : " (the Worker will miss " + String.join(", ", names) + ")";
  }

  private String name() {
    String name = find("name").asString("worker");
    boolean suffixed = !environment.isEmpty() && !own.has("name");
    return suffixed ? name + "-" + environment : name;
  }

  private Path main() {
    String main = find("main").asString("");
    if (main.isEmpty()) {
      throw new InvalidRequestException(
          file + " has no main, so there is no Worker to run: give it main = \"src/index.js\"");
    }
    return folder.resolve(main).normalize();
  }

  private String compatibilityDate() {
    String date = find("compatibility_date").asString("");
    if (date.isEmpty()) {
      throw new InvalidRequestException(
          file + " has no compatibility_date, which workerd needs: give it one such as 2026-01-01");
    }
    return date;
  }

  private List<String> texts(String setting) {
    List<String> texts = new ArrayList<>();
    find(setting).forEach(each -> texts.add(each.asString()));
    return texts;
  }

  private List<Binding> bindings() {
    List<Binding> bindings = new ArrayList<>();
    for (JsonNode each : find("kv_namespaces")) {
      String name = required(each, "binding");
      String id = each.path("id").asString(name);
      bindings.add(new Binding.Kv(name, id, each.path("preview_id").asString(id)));
    }
    find("vars")
        .properties()
        .forEach(each -> bindings.add(variable(each.getKey(), each.getValue())));
    for (JsonNode each : find("secrets").path("required")) {
      bindings.add(secret(each.asString()));
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

  /** The configuration of a foreign project must not choose what it reads of this environment. */
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
            each ->
                bindings.add(
                    binding.apply(
                        each.getKey(), inFolder(setting + "." + each.getKey(), each.getValue()))));
  }

  /** Returns a file of the Worker, which must lie below its configuration, links resolved. */
  private Path inFolder(String setting, JsonNode value) {
    Path path = folder.resolve(value.asString()).normalize();
    if (!real(path).startsWith(real(folder))) {
      throw new InvalidRequestException(
          "%s: %s names %s, which is outside of the Worker's folder; copy the file into it"
              .formatted(file, setting, value.asString()));
    }
    return path;
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
          file + ": an entry of kv_namespaces has no " + member + ": " + node);
    }
    return text;
  }
}
