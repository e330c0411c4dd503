package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/** Makes of a Worker's sources what workerd can run: by wrangler where it is there. */
final class Bundler {
  private final Path out;

  /**
   * @param out where bundled files go
   */
  Bundler(Path out) {
    this.out = out;
  }

  Bundle bundle(WorkerSettings settings) {
    Path folder = settings.file().resolveSibling("");
    Optional<Path> wrangler = Tools.find(folder, "wrangler");
    if (!settings.bundled() || wrangler.isEmpty()) {
      return PlainModules.of(settings.main(), settings.bundled());
    }
    List<String> command = new ArrayList<>();
    command.addAll(List.of(wrangler.get().toString(), "deploy", "--dry-run", "--name", "worker"));
    command.addAll(List.of("--config", settings.file().toString(), "--outdir", out.toString()));
    if (!settings.environment().isEmpty()) {
      command.addAll(List.of("--env", settings.environment()));
    }
    run(command, folder);
    return Bundle.of(out, settings.main());
  }

  private static void run(List<String> command, Path folder) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
      builder.environment().put("WRANGLER_SEND_METRICS", "false");
      builder.environment().put("CI", "1");
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new InvalidRequestException("wrangler could not bundle the Worker:\n" + said);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run " + command.getFirst(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while wrangler bundled", e);
    }
  }
}
