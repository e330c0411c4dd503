package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import selvedge.model.InvalidRequestException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Builds the command that runs a Worker in development on the namespaces of a server. */
final class DevRunner implements AutoCloseable {
  private static final String DOWNLOAD =
      "workerd is not installed; npx would download workerd@1, about 100 MB, from the npm"
          + " registry.";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final WranglerFile file;
  private final WorkerSettings settings;
  private final URI server;
  private final String token;
  private final String ca;
  private final String location;
  private final int port;
  private final Predicate<String> mayDownload;
  private final Path folder;
  private final List<Path> written = new ArrayList<>();

  /**
   * @param token empty for an open server
   * @param ca file with the authorities to trust; empty for the default authorities
   * @param location a suffix for the files of this run; empty if there is only one run
   * @param port the port of the Worker
   * @param mayDownload gets the description of a download and returns whether it is allowed
   */
  DevRunner(
      WranglerFile file,
      WorkerSettings settings,
      URI server,
      String token,
      String ca,
      String location,
      int port,
      Predicate<String> mayDownload) {
    this.file = file;
    this.settings = settings;
    this.server = server;
    this.token = token;
    this.ca = ca;
    this.location = location.isEmpty() ? "" : "." + location;
    this.port = port;
    this.mayDownload = mayDownload;
    this.folder = file.path().resolveSibling("");
  }

  /** Returns the command: wrangler if it is installed, else workerd, else npx. */
  List<String> command() {
    Optional<Path> wrangler = Tools.find(folder, "wrangler");
    if (wrangler.isPresent()) {
      return wrangler(wrangler.get());
    }
    List<String> command = new ArrayList<>();
    Optional<Path> workerd = Tools.find(folder, "workerd");
    if (workerd.isPresent()) {
      command.add(workerd.get().toString());
    } else {
      Path npx =
          Tools.find(folder, "npx")
              .orElseThrow(
                  () ->
                      new InvalidRequestException(
                          "wrangler or workerd is required to run a Worker: install Node.js, then"
                              + " run npm i -D wrangler"));
      if (!mayDownload.test(DOWNLOAD)) {
        throw new InvalidRequestException(
            DOWNLOAD + " Install it with npm i -D workerd, or use --download");
      }
      command.addAll(List.of(npx.toString(), "--yes", "workerd@1"));
    }
    command.addAll(List.of("serve", workerd().toString(), "--watch"));
    return command;
  }

  /**
   * Writes a copy of the configuration with the plugin, in the same folder because its paths are
   * relative.
   */
  private List<String> wrangler(Path program) {
    ObjectNode root = (ObjectNode) file.root().deepCopy();
    ObjectNode own =
        settings.environment().isEmpty()
            ? root
            : (ObjectNode) root.path("env").path(settings.environment());
    Map<String, Object> options = new LinkedHashMap<>();
    options.put("url", server.toString());
    if (!token.isEmpty()) {
      options.put("token", token);
    }
    if (!ca.isEmpty()) {
      options.put("ca", Path.of(ca).toAbsolutePath().toString());
    }
    Map<String, String> namespaces = new LinkedHashMap<>();
    settings.namespaces().forEach(kv -> namespaces.put(kv.name(), kv.namespace()));
    options.put("namespaces", namespaces);
    Map<String, Object> plugin = Map.of("package", plugin(), "name", "selvedge");
    own.withObjectProperty("unsafe")
        .withArrayProperty("bindings")
        .addPOJO(
            Map.of(
                "name",
                "SELVEDGE",
                "type",
                "selvedge",
                "dev",
                Map.of("plugin", plugin, "options", options)));
    own.remove("kv_namespaces");
    Path copy = folder.resolve("wrangler.selvedge-dev" + location + ".json");
    write(copy, JSON.writeValueAsString(root));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program.toString(), "dev", "--config", copy.toString()));
    command.addAll(List.of("--ip", "127.0.0.1", "--port", Integer.toString(port)));
    if (!location.isEmpty()) {
      // Two runs cannot both listen on the default port of the inspector.
      command.addAll(List.of("--inspector-port", "0"));
      // Each location has its own cache, like each data centre.
      Path state = folder.resolve(".wrangler").resolve("state" + location);
      command.addAll(List.of("--persist-to", state.toString()));
    }
    if (!settings.environment().isEmpty()) {
      command.addAll(List.of("--env", settings.environment()));
    }
    return command;
  }

  /** Writes the plugin for miniflare, a resource of this program, and returns its path. */
  private String plugin() {
    Path copy = folder.resolve("wrangler.selvedge-dev" + location + ".plugin.mjs");
    write(copy, Tools.resource("plugin.js"));
    return copy.toString();
  }

  private Path workerd() {
    Path configuration = folder.resolve("worker.selvedge-dev" + location + ".capnp");
    Bundle bundle = PlainModules.of(settings.main(), settings.bundled());
    ServerAddress address = ServerAddress.of(server, ca);
    var config = new WorkerdConfig(settings, bundle, address, token, "127.0.0.1:" + port, folder);
    write(configuration, config.render());
    return configuration;
  }

  private void write(Path path, String text) {
    try {
      written.add(path);
      OwnerOnlyFile.write(path, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + path, e);
    }
  }

  /** Deletes the files of the run. */
  @Override
  public void close() {
    for (Path path : written) {
      try {
        Files.deleteIfExists(path);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot delete " + path, e);
      }
    }
  }
}
