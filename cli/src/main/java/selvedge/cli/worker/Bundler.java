package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/** Bundles the sources of a Worker for workerd, with wrangler if it is installed. */
final class Bundler {
  private final Path out;

  /**
   * @param out the directory for bundled files
   */
  Bundler(Path out) {
    this.out = out;
  }

  Bundle bundle(WranglerFile file, WorkerSettings settings) {
    Path folder = file.path().resolveSibling("");
    Optional<Path> wrangler = Tools.find(folder, "wrangler");
    if (!settings.bundled() || wrangler.isEmpty()) {
      return PlainModules.of(settings.main(), settings.bundled());
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(wrangler.get().toString(), "deploy", "--dry-run", "--name", "worker"));
    if (!settings.environment().isEmpty()) {
      command.addAll(List.of("--env", settings.environment()));
    }
    if (file.isEvaluated()) {
      runOnCopy(command, file, folder);
    } else {
      run(command, file.path(), folder);
    }
    return Bundle.of(out, settings.main());
  }

  /**
   * Writes a copy into the folder of the configuration, because its paths are relative. wrangler
   * cannot bundle an evaluated file.
   */
  private void runOnCopy(List<String> command, WranglerFile file, Path folder) {
    Path copy = folder.resolve("wrangler.selvedge-config.json");
    try {
      try {
        OwnerOnlyFile.write(copy, file.root().toString());
        run(command, copy, folder);
      } finally {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write or delete " + copy, e);
    }
  }

  private void run(List<String> options, Path configuration, Path folder) {
    List<String> command = new ArrayList<>(options);
    command.addAll(List.of("--config", configuration.toString(), "--outdir", out.toString()));
    try {
      ProcessBuilder builder = Tools.process(command, folder);
      builder.environment().put("CI", "1");
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new InvalidRequestException("wrangler could not bundle the Worker:\n" + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while wrangler bundles the Worker", e);
    }
  }
}
