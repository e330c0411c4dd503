package selvedge.verification.process;

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
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Three voters, each in a process of its own, and their edges. Belongs to one thread. */
public final class QuorumProcesses {
  public static final List<String> NAMES = List.of("a", "b", "c");

  private static final Duration PROBE = Duration.ofSeconds(2);

  private final Servers servers;
  private final Path directory;
  private final int firstPort = FreePorts.inARow(2 * NAMES.size());
  private final Map<String, ServerProcess> running = new ConcurrentSkipListMap<>();
  private final Map<String, Integer> edgePorts = new TreeMap<>();
  private final Map<String, Path> data = new TreeMap<>();
  private final Map<String, PreloadedMachine> machines = new TreeMap<>();
  private final Map<String, Launch.Extension> releases = new TreeMap<>();
  private List<String> jvmOptions = Launch.QUICK;
  private @Nullable VoterNetwork network;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PROBE).build();

  public QuorumProcesses(Servers servers, Path directory) {
    this.servers = servers;
    this.directory = directory;
  }

  /** Puts relays between the voters. Must be called before they start. */
  public VoterNetwork connectByRelays() throws IOException {
    VoterNetwork own = new VoterNetwork(directory.resolve("network"), NAMES, firstPort);
    network = own;
    return own;
  }

  /** Sets the options of each voter's JVM. Must be called before they start. */
  public void jvm(String... options) {
    jvmOptions = List.of(options);
  }

  /** Sets the data directory of a voter. Must be called before it starts. */
  public void store(String name, Path path) {
    data.put(name, path);
  }

  /** Sets the machine of a voter. Must be called before it starts. */
  public void machine(String name, PreloadedMachine machine) {
    machines.put(name, machine);
  }

  /** Sets the release of a voter. Must be called before it starts. */
  public void release(String name, Launch.Extension release) {
    releases.put(name, release);
  }

  /** Sets the release of this build for a voter. Must be called before it starts. */
  public void releaseOfThisBuild(String name) {
    releases.remove(name);
  }

  public Path data(String name) {
    return data.getOrDefault(name, directory.resolve(name));
  }

  /** Starts all voters, which wait for each other, and returns once all of them answer. */
  public void form() throws Exception {
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
    VoterNetwork lines = network;
    List<String> cluster = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      String host = lines == null ? "127.0.0.1" : VoterNetwork.host(NAMES.get(i));
      cluster.add(NAMES.get(i) + "=" + host + ":" + (firstPort + NAMES.size() + i));
    }
    int port = firstPort + NAMES.indexOf(name);
    Launch launch =
        Launch.on(data(name))
            .jvm(jvmOptions.toArray(String[]::new))
            .listen(port)
            .with("--node", name, "--cluster", String.join(",", cluster));
    PreloadedMachine machine = machines.get(name);
    if (machine != null) {
      launch = launch.on(machine);
    }
    Launch.Extension release = releases.get(name);
    if (release != null) {
      launch = launch.extended(release);
    }
    return lines == null
        ? launch
        : launch
            .andJvm(lines.jvmOption(name))
            .with("--advertise", "http://" + VoterNetwork.host(name) + ":" + port)
            .with("--allowed-hosts", "voter-a,voter-b,voter-c");
  }

  /** Starts an edge of all voters, or starts it again. */
  public ServerProcess startEdge(String name) {
    String origins = String.join(",", NAMES.stream().map(each -> uri(each).toString()).toList());
    ServerProcess edge =
        servers.start(
            Launch.on(directory.resolve(name))
                .listen(edgePorts.computeIfAbsent(name, _ -> FreePorts.inARow(1)))
                .with("--origin", origins, "--location", name));
    running.put(name, edge);
    return edge;
  }

  public ServerProcess process(String name) {
    return Objects.requireNonNull(running.get(name));
  }

  public boolean isRunning(String name) {
    ServerProcess process = running.get(name);
    return process != null && process.isAlive();
  }

  /** Starts a voter that is expected to end by itself. */
  public ServerProcess spawn(String name) {
    return servers.spawn(launch(name));
  }

  /** Starts voters that were killed, at the same time: one alone cannot lead. */
  public void startAll(List<String> names) throws Exception {
    try (ExecutorService starting = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      names.forEach(name -> all.add(starting.submit(() -> start(name))));
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  /** Starts a voter that was killed. */
  public void start(String name) {
    running.put(name, servers.start(launch(name)));
  }

  /** Stops a voter in the middle of what it does, or continues it. */
  public void signal(String name, String signal) throws IOException, InterruptedException {
    String pid = Long.toString(Objects.requireNonNull(running.get(name)).pid());
    int status = new ProcessBuilder("kill", "-" + signal, pid).start().waitFor();
    if (status != 0) {
      throw new IllegalStateException("kill -" + signal + " " + pid + " returned " + status);
    }
  }

  /** Stops a voter as a service manager does. */
  public void terminate(String name) {
    int _ = Objects.requireNonNull(running.remove(name)).terminate();
  }

  /** Kills a voter as {@code kill -9} does. */
  public void kill(String name) {
    Objects.requireNonNull(running.remove(name)).kill();
  }

  public URI uri(String name) {
    int port =
        NAMES.contains(name)
            ? firstPort + NAMES.indexOf(name)
            : Objects.requireNonNull(edgePorts.get(name));
    return URI.create("http://127.0.0.1:" + port);
  }

  public RestClient client(String name) {
    return new RestClient(uri(name));
  }

  /** Returns the voter that leads, once one of the running ones does. */
  public String leader() throws Exception {
    return leaderBeside("");
  }

  /** Returns the voter that leads, once one of the running ones but the given one does. */
  public String leaderBeside(String other) throws Exception {
    AtomicReference<String> found = new AtomicReference<>("");
    Polling.await(
        "a voter leads",
        () -> {
          running.keySet().stream()
              .filter(name -> !name.equals(other) && NAMES.contains(name) && leads(name))
              .findFirst()
              .ifPresent(found::set);
          return !found.get().isEmpty();
        });
    return found.get();
  }

  /** Returns once all voters serve, which those that do not lead do once they follow a leader. */
  public void awaitReady() throws Exception {
    for (String name : NAMES) {
      Polling.await("voter " + name + " is ready", () -> succeeds(name, "/readyz"));
    }
  }

  private boolean leads(String name) {
    return succeeds(name, "/leaderz");
  }

  /** Returns whether a probe of a server is answered 200. */
  public boolean succeeds(String name, String probe) {
    HttpRequest request = HttpRequest.newBuilder(uri(name).resolve(probe)).timeout(PROBE).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
