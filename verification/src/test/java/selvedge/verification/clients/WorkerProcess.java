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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.verification.process.Program;

/** A program that serves a Worker. It is killed by {@link #close} and at the end of this JVM. */
final class WorkerProcess implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final Pattern WORKERD = Pattern.compile("\"socket\":\"http\",\"port\":(\\d+)");
  private static final Pattern WRANGLER = Pattern.compile("Ready on http://127\\.0\\.0\\.1:(\\d+)");

  private final Process process;
  private final Thread reaper;

  /** Uses HTTP/1.1 only: vite treats an upgrade to HTTP/2 as a WebSocket. */
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final ConcurrentLinkedQueue<String> output = new ConcurrentLinkedQueue<>();
  private final URI uri;

  private WorkerProcess(Process process, Pattern listening) throws IOException {
    this.process = process;
    this.reaper = new Thread(this::end);
    Runtime.getRuntime().addShutdownHook(reaper);
    BufferedReader reader = process.inputReader();
    this.uri = listening(reader, listening);
    // A virtual thread that reads from a process blocks its carrier.
    Thread.ofPlatform().daemon().start(() -> collect(reader));
  }

  /** Collects the output until the process ends. */
  private void collect(BufferedReader reader) {
    try {
      reader.lines().forEach(output::add);
    } catch (UncheckedIOException e) {
      output.add("its output ended: " + e.getCause());
    }
  }

  /**
   * Starts workerd and waits until it listens.
   *
   * @param configuration a configuration with a socket named {@code http}
   */
  static WorkerProcess workerd(
      NpmProject project, Path configuration, Map<String, String> environment) {
    List<String> command =
        List.of(
            project.workerd().toString(),
            "serve",
            configuration.toString(),
            "--socket-addr=http=127.0.0.1:0",
            "--control-fd=1",
            "--verbose");
    return start(new Program(command, configuration.resolveSibling(""), environment), WORKERD);
  }

  /** Starts {@code wrangler dev} and waits until it is ready. */
  static WorkerProcess wranglerDev(Wrangler wrangler) {
    return start(
        wrangler.program("dev").with(List.of("--ip", "127.0.0.1", "--port", "0")), WRANGLER);
  }

  /**
   * Starts a program and waits until it prints its port.
   *
   * @param listening the pattern of the line; its first group is the port
   */
  static WorkerProcess start(Program program, Pattern listening) {
    var builder = new ProcessBuilder(program.command()).directory(program.folder().toFile());
    builder.environment().putAll(program.environment());
    try {
      return new WorkerProcess(builder.redirectErrorStream(true).start(), listening);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private URI listening(BufferedReader output, Pattern pattern) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return URI.create("http://127.0.0.1:" + matcher.group(1));
      }
      lines.add(line);
    }
    throw new IllegalStateException(
        "the process did not listen; its output:\n" + String.join("\n", lines));
  }

  URI uri() {
    return uri;
  }

  /** Returns its output. */
  String output() {
    return String.join("\n", output);
  }

  /** Sends a request to the Worker. */
  String get(String path) {
    return send(HttpRequest.newBuilder(uri.resolve(path)).GET()).body();
  }

  String put(String path, String body) {
    return send(HttpRequest.newBuilder(uri.resolve(path))
            .PUT(HttpRequest.BodyPublishers.ofString(body)))
        .body();
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("the request failed; output of the process:\n" + output(), e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while waiting for the Worker", e);
    }
  }

  /**
   * Sends SIGTERM and waits for the end. A process that a shell started in the background ignores
   * the SIGINT of Ctrl-C.
   */
  void terminate() {
    process.destroy();
    try {
      if (!process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
        throw new IllegalStateException("the process does not end; its output:\n" + output());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the program ended", e);
    }
  }

  private void end() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  @Override
  public void close() {
    http.shutdownNow();
    end();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(reaper);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
