package selvedge.cli.worker;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the configuration of workerd for a Worker, in the language of its schema. */
final class WorkerdConfig {
  private static final String NAMESPACE_HEADER = "CF-KV-Namespace-Id";

  private final WorkerSettings settings;
  private final Bundle bundle;
  private final ServerAddress server;
  private final String token;
  private final String listen;
  private final Path folder;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param token sent with each call of a namespace; empty for an open server
   * @param listen the address of the Worker, such as {@code *:8080}
   * @param folder the folder of the configuration; paths in it are relative to this folder
   */
  WorkerdConfig(
      WorkerSettings settings,
      Bundle bundle,
      ServerAddress server,
      String token,
      String listen,
      Path folder) {
    this.settings = settings;
    this.bundle = bundle;
    this.server = server;
    this.token = token;
    this.listen = listen;
    this.folder = folder;
  }

  String render() {
    comment();
    line("using Workerd = import \"/workerd/workerd.capnp\";");
    line("");
    line("const config :Workerd.Config = (");
    services();
    line("  sockets = [");
    line("    # The address of the Worker.");
    line(
        "    (name = \"http\", address = %s, http = (), service = \"worker\"),"
            .formatted(quoted(listen)));
    line("  ],");
    line(");");
    line("");
    worker();
    line("");
    cache();
    return text.toString();
  }

  private void comment() {
    String environment = settings.environment().isEmpty() ? "" : ", " + settings.environment();
    remark("%s, from %s%s.".formatted(settings.name(), settings.file().getFileName(), environment));
    line("# Run it with: workerd serve FILE");
    if (!token.isEmpty()) {
      line("# This file contains a token of the server: keep it secret.");
    }
    if (!settings.unsupported().isEmpty()) {
      line("#");
      line("# Left out, because workerd alone does not support it:");
      settings.unsupported().forEach(name -> remark("  " + name));
    }
    if (!settings.ignored().isEmpty()) {
      line("#");
      remark(
          "Ignored, because only Cloudflare uses it: %s."
              .formatted(String.join(", ", settings.ignored())));
    }
    line("");
  }

  private void services() {
    line("  services = [");
    line("    (name = \"worker\", worker = .worker),");
    List<Binding.Kv> namespaces = settings.namespaces();
    if (!namespaces.isEmpty()) {
      line("");
      line(
          "    # Each namespace is the server at %s; a header selects the namespace."
              .formatted(server.address()));
    }
    for (Binding.Kv namespace : namespaces) {
      line("    (name = %s, external = (".formatted(quoted(service(namespace))));
      line("      address = %s,".formatted(quoted(server.address())));
      line("      %s".formatted(server.tls() ? "https = (options = (" : "http = ("));
      line("        injectRequestHeaders = [");
      header(NAMESPACE_HEADER, namespace.namespace());
      if (!token.isEmpty()) {
        header("Authorization", "Bearer " + token);
      }
      line("        ],");
      if (server.tls()) {
        line("      ), tlsOptions = (%s),".formatted(trust()));
        line("         certificateHost = %s),".formatted(quoted(server.host())));
      } else {
        line("      ),");
      }
      line("    )),");
    }
    line("");
    line("    # The Cache API (caches.default and caches.open()), in the memory of this process.");
    line("    (name = \"cache\", worker = .cache),");
    line("");
    line("    # The network for fetch() of the Worker.");
    line("    (name = \"internet\", network = (");
    line("      allow = [\"public\", \"private\"], tlsOptions = (trustBrowserCas = true))),");
    line("  ],");
    line("");
  }

  private String trust() {
    List<String> authorities = server.authorities();
    return authorities.isEmpty()
        ? "trustBrowserCas = true"
        : "trustedCertificates = [%s]"
            .formatted(String.join(", ", authorities.stream().map(WorkerdConfig::quoted).toList()));
  }

  private static String service(Binding.Kv namespace) {
    return "kv-" + namespace.name();
  }

  private void header(String name, String value) {
    line("          (name = %s, value = %s),".formatted(quoted(name), quoted(value)));
  }

  private void worker() {
    line("const worker :Workerd.Worker = (");
    if (bundle.isModule()) {
      line("  modules = [");
      for (ModuleFile module : bundle.modules()) {
        String field = module.kind().field();
        line(
            "    (name = %s, %s = embed %s),"
                .formatted(quoted(module.name()), field, path(module.file())));
      }
      line("  ],");
    } else {
      line("  serviceWorkerScript = embed %s,".formatted(path(bundle.main())));
    }
    line("  compatibilityDate = %s,".formatted(quoted(settings.compatibilityDate())));
    if (!settings.compatibilityFlags().isEmpty()) {
      List<String> flags =
          settings.compatibilityFlags().stream().map(WorkerdConfig::quoted).toList();
      line("  compatibilityFlags = [%s],".formatted(String.join(", ", flags)));
    }
    line("  bindings = [");
    settings.bindings().forEach(this::binding);
    line("  ],");
    line("  cacheApiOutbound = \"cache\",");
    line(");");
  }

  /**
   * Writes the cache Worker. Its program is part of the configuration, so that no second file is
   * needed. It has no bindings and no network.
   */
  private void cache() {
    line("const cache :Workerd.Worker = (");
    line(
        "  modules = [(name = \"cache.js\", esModule = %s)],"
            .formatted(quoted(Tools.resource("cache.js"))));
    line("  compatibilityDate = \"2026-01-01\",");
    line("  globalOutbound = \"cache\",");
    line(");");
  }

  private void binding(Binding binding) {
    String value =
        switch (binding) {
          case Binding.Kv kv -> "kvNamespace = " + quoted(service(kv));
          case Binding.Text(_, String content) -> "text = " + quoted(content);
          case Binding.Json(_, String json) -> "json = " + quoted(json);
          case Binding.Secret(String name) -> "fromEnvironment = " + quoted(name);
          case Binding.TextFile(_, Path file) -> "text = embed " + path(file);
          case Binding.BytesFile(_, Path file) -> "data = embed " + path(file);
          case Binding.WasmFile(_, Path file) -> "wasmModule = embed " + path(file);
        };
    line("    (name = %s, %s),".formatted(quoted(binding.name()), value));
  }

  private String path(Path file) {
    return quoted(folder.toAbsolutePath().normalize().relativize(file.toAbsolutePath()).toString());
  }

  /** Writes a comment. Line breaks in the text are removed, because they would end the comment. */
  private void remark(String comment) {
    line("# " + comment.replaceAll("\\R|\\p{Cntrl}", " "));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Returns the text as a string of the schema language. */
  static String quoted(String value) {
    var quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (c < ' ' || c == 0x7f) {
                    quoted.append(String.format(Locale.ROOT, "\\x%02x", c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }
}
