package selvedge.verification.faults;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import selvedge.verification.process.FreePorts;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Three voters, each in a process of its own. Belongs to one thread. */
final class QuorumProcesses {
  static final List<String> NAMES = List.of("a", "b", "c");

  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Servers servers;
  private final Path directory;
  private final int firstPort = FreePorts.inARow(2 * NAMES.size());
  private final Map<String, ServerProcess> running = new TreeMap<>();
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE).build();

  QuorumProcesses(Servers servers, Path directory) {
    this.servers = servers;
    this.directory = directory;
  }

  /** Starts all voters, which wait for each other, and returns once all of them answer. */
  void form() throws Exception {
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ServerProcess>> all = new ArrayList<>();
      for (String name : NAMES) {
        Callable<ServerProcess> start = () -> servers.start(launch(name));
        all.add(starting.submit(start));
      }
      for (int i = 0; i < NAMES.size(); i++) {
        running.put(NAMES.get(i), all.get(i).get());
      }
    }
  }

  private Launch launch(String name) {
    List<String> cluster = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      cluster.add(NAMES.get(i) + "=127.0.0.1:" + (firstPort + NAMES.size() + i));
    }
    return Launch.on(directory.resolve(name))
        .listen(firstPort + NAMES.indexOf(name))
        .with("--node", name, "--cluster", String.join(",", cluster));
  }

  /** Starts a voter that was killed. */
  void start(String name) {
    running.put(name, servers.start(launch(name)));
  }

  /** Stops a voter in the middle of what it does, or continues it. */
  void signal(String name, String signal) throws IOException, InterruptedException {
    String pid = Long.toString(Objects.requireNonNull(running.get(name)).pid());
    int status = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + signal + " " + pid + " returned " + status);
    }
  }

  /** Kills a voter as {@code kill -9} does. */
  void kill(String name) {
    Objects.requireNonNull(running.remove(name)).kill();
  }

  URI uri(String name) {
    return URI.create("http://127.0.0.1:" + (firstPort + NAMES.indexOf(name)));
  }

  RestClient client(String name) {
    return new RestClient(uri(name));
  }

  /** Returns the voter that leads, once one of the running ones does. */
  String leader() throws Exception {
    return leaderBeside("");
  }

  /** Returns the voter that leads, once one of the running ones but the given one does. */
  String leaderBeside(String other) throws Exception {
    AtomicReference<String> found = new AtomicReference<>("");
    Polling.await(
        "a voter leads",
        () -> {
          running.keySet().stream()
              .filter(name -> !name.equals(other) && leads(name))
              .findFirst()
              .ifPresent(found::set);
          return !found.get().isEmpty();
        });
    return found.get();
  }

  private boolean leads(String name) {
    HttpRequest request =
        HttpRequest.newBuilder(uri(name).resolve("/leaderz")).timeout(PROBE).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
