package selvedge.verification.clients;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.ServerProcess;

/** Wrangler with its own folder and home, configured for a Selvedge server as in the README. */
record Wrangler(NpmProject project, Path folder, Map<String, String> environment) {
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  /**
   * @param account the value of {@code CLOUDFLARE_ACCOUNT_ID}; if it is empty, wrangler requests
   *     the account
   */
  static Wrangler of(
      NpmProject project,
      Path folder,
      ServerProcess server,
      String token,
      Optional<String> account) {
    return of(project, folder, server.uri(), token, account);
  }

  /** As {@link #of(NpmProject, Path, ServerProcess, String, Optional)}, at an address. */
  static Wrangler of(
      NpmProject project, Path folder, URI server, String token, Optional<String> account) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CLOUDFLARE_API_BASE_URL", server + "/client/v4");
    environment.put("CLOUDFLARE_API_TOKEN", token);
    account.ifPresent(id -> environment.put("CLOUDFLARE_ACCOUNT_ID", id));
    environment.put("WRANGLER_SEND_METRICS", "false");
    environment.put("WRANGLER_HIDE_BANNER", "true");
    environment.put("CI", "1");
    environment.put("NO_COLOR", "1");
    environment.put("HOME", folder.toString());
    environment.put("XDG_CONFIG_HOME", folder.toString());
    // Node.js 22 starts 25 % faster with this cache; older versions ignore it.
    environment.put(
        "NODE_COMPILE_CACHE", project.folder().resolve("node_modules/.compiled").toString());
    return new Wrangler(project, folder, environment);
  }

  static Wrangler of(NpmProject project, Path folder, ServerProcess server, String token) {
    return of(project, folder, server, token, Optional.of(Launch.ACCOUNT));
  }

  /** Runs {@code wrangler kv …} and returns its result. */
  ProcessResult kv(String... arguments) {
    return run("kv", List.of(arguments));
  }

  /** Runs {@code wrangler kv …} on the keys of a namespace of the server. */
  ProcessResult kvIn(String namespace, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("--remote", "--namespace-id", namespace));
    return run("kv", all);
  }

  ProcessResult run(String command, List<String> arguments) {
    return program(command).with(arguments).run(TIMEOUT);
  }

  Program program(String command) {
    return project
        .script("node_modules/wrangler/bin/wrangler.js", folder, environment)
        .with(List.of(command));
  }
}
