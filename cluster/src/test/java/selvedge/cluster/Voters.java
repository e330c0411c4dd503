package selvedge.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.voter.Voter;

/** Three voters in this process, with real sockets between them. Belongs to one thread. */
final class Voters implements AutoCloseable {
  static final List<String> NAMES = List.of("a", "b", "c");

  static final String TOKEN = "token-of-the-operator-of-these-voters";

  /** A voter in this process answers sooner than one behind a network. */
  private static final Map<String, String> SHORT_TIMEOUTS =
      Map.of(
          "raft.server.rpc.timeout.min", "400ms",
          "raft.server.rpc.timeout.max", "800ms",
          "raft.server.rpc.first-election.timeout.min", "100ms",
          "raft.server.rpc.first-election.timeout.max", "300ms");

  /**
   * The answer to a request.
   *
   * @param statusCode 0 if there is no answer
   * @param body the reason if there is no answer
   */
  record Answer(int statusCode, String body, HttpHeaders headers) {}

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Settings of Ratis with which a few entries fill a file of the log. */
  static final Map<String, String> SMALL_FILES =
      Map.of(
          "raft.server.log.segment.size.max", "16KB",
          "raft.server.log.preallocated.size", "4KB");

  private final Path directory;
  private final Map<String, String> raft;
  private final Map<String, String> more;
  private final @Nullable Certificates certificates;
  private boolean encrypted;
  private final List<String> broken = new CopyOnWriteArrayList<>();
  private final Map<String, Integer> listening = new TreeMap<>();
  private final Map<String, Integer> voting = new TreeMap<>();
  private final Map<String, Server> running = new TreeMap<>();
  private Release release = Release.own();
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

  private Voters(Path directory, @Nullable Certificates certificates) {
    this(directory, certificates, Map.of(), Map.of());
  }

  private Voters(
      Path directory,
      @Nullable Certificates certificates,
      Map<String, String> raft,
      Map<String, String> more) {
    this.certificates = certificates;
    this.directory = directory;
    this.raft = raft;
    this.more = more;
    List<ServerSocket> taken = new ArrayList<>();
    for (String name : NAMES) {
      listening.put(name, freePort(taken));
      voting.put(name, freePort(taken));
    }
    taken.forEach(Voters::release);
  }

  private static int freePort(List<ServerSocket> taken) {
    try {
      var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      taken.add(socket);
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void release(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Forms a cluster and returns once one voter leads and all of them answer. */
  static Voters form(Path directory) {
    return form(new Voters(directory, null));
  }

  /**
   * @param raft settings of Ratis, which replace those of a voter
   */
  static Voters form(Path directory, Map<String, String> raft) {
    return form(directory, raft, Map.of());
  }

  /**
   * @param raft settings of Ratis, which replace those of a voter
   * @param more settings of the servers
   */
  static Voters form(Path directory, Map<String, String> raft, Map<String, String> more) {
    return form(new Voters(directory, null, raft, more));
  }

  private static Voters form(Voters voters) {
    List<CompletableFuture<Server>> starting =
        NAMES.stream()
            .map(
                name ->
                    CompletableFuture.supplyAsync(
                        () -> voters.open(name), Thread::startVirtualThread))
            .toList();
    for (int i = 0; i < NAMES.size(); i++) {
      voters.running.put(NAMES.get(i), starting.get(i).join());
    }
    return voters;
  }

  /** Returns voters of which none runs. */
  static Voters stopped(Path directory) {
    return new Voters(directory, null);
  }

  /** Starts a server that is no voter. */
  void startAlone(String name, String... more) {
    List<ServerSocket> taken = new ArrayList<>();
    listening.putIfAbsent(name, freePort(taken));
    taken.forEach(Voters::release);
    List<Setting> settings = new ArrayList<>();
    setting(settings, "listen", "127.0.0.1:" + listening.get(name));
    setting(settings, "data", data(name).toString());
    for (int i = 0; i < more.length; i += 2) {
      setting(settings, more[i], more[i + 1]);
    }
    var server = new Server(Config.of(settings), InstantSource.system());
    server.start();
    running.put(name, server);
  }

  /** Starts the only voter of a cluster. */
  void startFirst(String name) {
    running.put(name, openIn(cluster(List.of(name)), name));
  }

  private Server open(String name, String... more) {
    return openIn(cluster(NAMES), name, more);
  }

  private String cluster(List<String> names) {
    return String.join(
        ",", names.stream().map(each -> each + "=127.0.0.1:" + voting.get(each)).toList());
  }

  private Server openIn(String cluster, String name, String... own) {
    List<Setting> settings = new ArrayList<>();
    setting(settings, "listen", "127.0.0.1:" + listening.get(name));
    setting(settings, "data", data(name).toString());
    setting(settings, "node", name);
    setting(settings, "root-token", TOKEN);
    setting(settings, "cluster", cluster);
    if (certificates != null) {
      setting(settings, "cluster-ca", certificates.authority().toString());
      setting(settings, "cluster-cert", certificates.certificate(name).toString());
      setting(settings, "cluster-key", certificates.key(name).toString());
    }
    if (encrypted) {
      setting(settings, "encryption-key-file", masterKey(name).toString());
    }
    more.forEach((key, value) -> setting(settings, key, value));
    for (int i = 0; i < own.length; i += 2) {
      setting(settings, own[i], own[i + 1]);
    }
    var server = new Server(Config.of(settings), InstantSource.system(), this::open);
    server.start();
    return server;
  }

  private Voter open(Config config, InstantSource clock, RandomGenerator random) {
    Map<String, String> settings = new TreeMap<>(SHORT_TIMEOUTS);
    settings.putAll(raft);
    return RaftVoter.open(
        config,
        new RaftVoter.Surroundings(
            clock, random, release, (reason, _) -> broken.add(reason), settings));
  }

  /** Forms a cluster whose voters have certificates. */
  static Voters formSecurely(Path directory) {
    return form(new Voters(directory, certificates(directory)));
  }

  /** Forms a cluster whose voters have a master key each. */
  static Voters formEncrypted(Path directory) throws IOException {
    var voters = new Voters(directory, certificates(directory));
    voters.encrypt();
    return form(voters);
  }

  private static Certificates certificates(Path directory) {
    return new Certificates(directory.resolve("certificates"), NAMES.toArray(String[]::new));
  }

  /** Gives every voter that starts from now on a master key of its own. */
  void encrypt() throws IOException {
    for (String name : NAMES) {
      Files.writeString(masterKey(name), AesMasterKey.generate() + "\n");
    }
    encrypted = true;
  }

  private Path masterKey(String name) {
    return directory.resolve(name + ".master");
  }

  /** Sets the newest form that every voter knows which starts from now on. */
  void release(int newest) {
    release = new Release("of form " + newest, newest);
  }

  /** Forms a cluster whose voters know the forms up to the given one. */
  static Voters formOf(Path directory, int newest) {
    var voters = new Voters(directory, null);
    voters.release(newest);
    return form(voters);
  }

  /** Returns why voters ended that would have ended their process. */
  List<String> broken() {
    return broken;
  }

  private static void setting(List<Setting> settings, String key, String value) {
    settings.add(new Setting(key, value, "the test"));
  }

  Path data(String name) {
    return directory.resolve(name);
  }

  void start(String name, String... more) {
    running.put(name, open(name, more));
  }

  /** Starts an empty server that joins by a voter, and returns once it waits to be added. */
  void join(String name, String by) {
    List<ServerSocket> taken = new ArrayList<>();
    listening.putIfAbsent(name, freePort(taken));
    voting.putIfAbsent(name, freePort(taken));
    taken.forEach(Voters::release);
    if (certificates != null) {
      certificates.issueVoter(name);
    }
    startJoined(name, by);
    await(
        () ->
            get(leader(), "/v1/status").body().matches(".*\"waiting\":\\[[^]]*\"" + name + "\".*"));
  }

  /** Starts a server that has joined by a voter. */
  void startJoined(String name, String by) {
    running.put(
        name, openIn(cluster(List.of(name)), name, "join", "127.0.0.1:" + listening.get(by)));
  }

  Answer post(String name, String path) {
    return post(name, path, "");
  }

  Answer post(String name, String path, String body) {
    return send(request(name, path).POST(BodyPublishers.ofString(body)));
  }

  void stop(String name) {
    Optional.ofNullable(running.remove(name)).ifPresent(Server::close);
  }

  /** Stops all voters at the same time. */
  void stopAll() {
    List<Thread> closing =
        running.values().stream().map(each -> Thread.startVirtualThread(each::close)).toList();
    for (Thread thread : closing) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    running.clear();
  }

  URI uri(String name, String path) {
    return URI.create("http://127.0.0.1:" + listening.get(name) + path);
  }

  /** Returns the voter that leads, once there is one. */
  String leader() {
    await(() -> running.keySet().stream().anyMatch(this::leads));
    return running.keySet().stream().filter(this::leads).findFirst().orElseThrow();
  }

  String follower() {
    String leader = leader();
    return running.keySet().stream().filter(name -> !name.equals(leader)).findFirst().orElseThrow();
  }

  private boolean leads(String name) {
    return get(name, "/leaderz").statusCode() == 200;
  }

  Answer get(String name, String path, String... headers) {
    return send(request(name, path, headers).GET());
  }

  Answer put(String name, String path, String body, String... headers) {
    return send(request(name, path, headers).PUT(BodyPublishers.ofString(body)));
  }

  Answer put(String name, String path, byte[] body) {
    return send(request(name, path).PUT(BodyPublishers.ofByteArray(body)));
  }

  private HttpRequest.Builder request(String name, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(name, path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + TOKEN);
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request;
  }

  /**
   * Sends a request. A connection that is refused, or broken before the answer, counts as an answer
   * with the status 0: a condition that is awaited asks again.
   */
  private Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          http.send(request.build(), BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
      return new Answer(answer.statusCode(), answer.body(), answer.headers());
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e), HttpHeaders.of(Map.of(), (_, _) -> true));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Puts a value at a voter until that succeeds, and returns how often it was refused. */
  int putUntilMade(String name, String path, String value) {
    int refused = 0;
    Answer answer = put(name, path, value);
    while (answer.statusCode() == 503) {
      refused++;
      Thread.onSpinWait();
      pause();
      answer = put(name, path, value);
    }
    if (answer.statusCode() != 200) {
      throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    }
    return refused;
  }

  static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("not within " + PATIENCE);
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    stopAll();
    http.close();
  }
}
