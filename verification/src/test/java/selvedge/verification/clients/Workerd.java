package selvedge.verification.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A workerd that serves one Worker. It never outlives this JVM, nor its {@link #close}. */
final class Workerd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Pattern LISTENING = Pattern.compile("\"socket\":\"http\",\"port\":(\\d+)");

  private final Process process;
  private final Thread reaper;
  private final URI uri;
  private final HttpClient http = HttpClient.newHttpClient();

  private Workerd(Process process, Thread reaper, URI uri) {
    this.process = process;
    this.reaper = reaper;
    this.uri = uri;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param configuration has a socket with the name {@code http}
   */
  static Workerd start(NpmProject project, Path configuration, Map<String, String> environment) {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "64";
    Path program =
        project
            .folder()
            .resolve("node_modules/@cloudflare/workerd-linux-" + architecture + "/bin/workerd");
    var builder =
        new ProcessBuilder(
            List.of(
                program.toString(),
                "serve",
                configuration.toString(),
                "--socket-addr=http=127.0.0.1:0",
                "--control-fd=1",
                "--verbose"));
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    try {
      Process process = builder.start();
      var reaper = new Thread(process::destroyForcibly);
      Runtime.getRuntime().addShutdownHook(reaper);
      return new Workerd(process, reaper, listening(process));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI listening(Process process) throws IOException {
    BufferedReader output = process.inputReader();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = LISTENING.matcher(line);
      if (matcher.find()) {
        return URI.create("http://127.0.0.1:" + matcher.group(1));
      }
    }
    throw new IllegalStateException("workerd did not listen; its standard error says why");
  }

  /** Asks the Worker. */
  String get(String path) {
    return send(HttpRequest.newBuilder(uri.resolve(path)).GET());
  }

  String put(String path, String body) {
    return send(
        HttpRequest.newBuilder(uri.resolve(path)).PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  private String send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the Worker was asked", e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroyForcibly();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
