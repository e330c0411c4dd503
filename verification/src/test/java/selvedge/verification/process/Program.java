package selvedge.verification.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import selvedge.model.Bytes;

/**
 * A command that runs in a folder until it ends.
 *
 * @param environment variables in addition to the inherited ones
 */
public record Program(List<String> command, Path folder, Map<String, String> environment) {

  /** Variables of the user's own Cloudflare account, which tests must not use. */
  private static final Pattern WITHHELD =
      Pattern.compile("(cloudflare|cf|wrangler)_.*|node_options|force_color");

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  public Program with(List<String> arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(arguments);
    return new Program(all, folder, environment);
  }

  /**
   * Runs the command and waits for its end. After the timeout, kills it and its child processes.
   */
  public ProcessResult run(Duration timeout) {
    try {
      Path out = Files.createTempFile("selvedge-client", ".out");
      Path errors = Files.createTempFile("selvedge-client", ".err");
      try {
        int exit = exit(out, errors, timeout);
        return new ProcessResult(
            command,
            exit,
            Bytes.adopt(Files.readAllBytes(out)),
            new String(Files.readAllBytes(errors), StandardCharsets.UTF_8));
      } finally {
        Files.delete(out);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int exit(Path out, Path errors, Duration timeout) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(errors.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> WITHHELD.matcher(name.toLowerCase(Locale.ROOT)).matches());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      if (process.waitFor(timeout.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new IllegalStateException(
          String.join(" ", command) + " does not end; its output:\n" + Files.readString(errors));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + command.getFirst() + " result", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
