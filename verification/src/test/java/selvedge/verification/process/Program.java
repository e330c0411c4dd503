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
 * A command that is run to its end in a folder.
 *
 * @param environment what it finds beside what every program inherits
 */
public record Program(List<String> command, Path folder, Map<String, String> environment) {

  /** The account of whoever runs the tests is none of theirs. */
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

  /** Runs it to its end, or ends it, with all that it started, when it takes too long. */
  public Ran run(Duration patience) {
    try {
      Path out = Files.createTempFile("selvedge-client", ".out");
      Path errors = Files.createTempFile("selvedge-client", ".err");
      try {
        int exit = exit(out, errors, patience);
        return new Ran(
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

  private int exit(Path out, Path errors, Duration patience) throws IOException {
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
      if (process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
        return process.exitValue();
      }
      throw new IllegalStateException(
          String.join(" ", command) + " does not end; it said:\n" + Files.readString(errors));
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while " + command.getFirst() + " ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
