package selvedge.verification.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;

/**
 * A folder with the npm packages of its lock file, and the Node.js that runs them.
 *
 * @param node the Node.js program
 */
record NpmProject(Path folder, String node) {
  private static final Duration INSTALL_PATIENCE = Duration.ofMinutes(10);
  private static final List<String> NO_PROXIES =
      List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY");
  private static final String WANTED =
      "the tests of the stock clients need Node.js 20 or newer and its npm on the PATH";

  /** Returns the clients for the Node.js of this machine. */
  static NpmProject stock() {
    Path folder = Path.of("clients").toAbsolutePath();
    install(folder);
    return new NpmProject(folder, "node");
  }

  /** The newest wrangler, on the Node.js that its lock names. */
  static NpmProject newest() {
    return onOwnNode("node22");
  }

  /** Tools around Workers, on the Node.js that their lock names. */
  static NpmProject tools() {
    return onOwnNode("tools");
  }

  /** npm has Node.js for some machines only; on others the one of the machine is taken. */
  private static NpmProject onOwnNode(String name) {
    Path folder = Path.of("clients", name).toAbsolutePath();
    install(folder);
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "x64";
    Path own = folder.resolve("node_modules/node-linux-" + architecture + "/bin/node");
    return new NpmProject(folder, Files.exists(own) ? own.toString() : "node");
  }

  /** Returns the libraries for Workers. */
  static NpmProject workers() {
    Path folder = Path.of("clients", "workers").toAbsolutePath();
    install(folder);
    return new NpmProject(folder, "node");
  }

  /** Returns the console of the server, with what builds and tests it. */
  static NpmProject console() {
    Path folder = Path.of("..", "console").toAbsolutePath().normalize();
    install(folder);
    return new NpmProject(folder, "node");
  }

  /** Returns a program of an installed package. */
  Path bin(String name) {
    return folder.resolve("node_modules/.bin").resolve(name);
  }

  /** Returns the workerd of the installed wrangler. */
  Path workerd() {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "64";
    return folder.resolve(
        "node_modules/@cloudflare/workerd-linux-" + architecture + "/bin/workerd");
  }

  /** Returns the command that runs a file of this folder without a proxy for loopback. */
  Program script(String file, Path workFolder, Map<String, String> environment) {
    Map<String, String> complete = new HashMap<>(environment);
    NO_PROXIES.forEach(name -> complete.put(name, ""));
    return new Program(List.of(node, folder.resolve(file).toString()), workFolder, complete);
  }

  /** Installs the packages, unless they were installed from the same lock file. */
  private static synchronized void install(Path folder) {
    Path installed = folder.resolve("node_modules").resolve(".installed-from.json");
    Path lock = folder.resolve("package-lock.json");
    try {
      if (Files.exists(installed) && Files.mismatch(installed, lock) < 0) {
        return;
      }
      run(folder, List.of("node", "--version"));
      run(
          folder,
          List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"));
      Files.copy(lock, installed, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void run(Path folder, List<String> command) {
    ProcessResult result;
    try {
      result = new Program(command, folder, Map.of()).run(INSTALL_PATIENCE);
    } catch (UncheckedIOException e) {
      throw new IllegalStateException(WANTED + ": there is no " + command.getFirst(), e);
    }
    if (result.exit() != 0) {
      throw new IllegalStateException(WANTED + "; in " + folder + " this failed: " + result);
    }
  }
}
