package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Put;
import selvedge.server.access.TokenGate;
import selvedge.server.access.Tokens;
import selvedge.server.api.ApiRouter;
import selvedge.server.api.binding.BindingFace;
import selvedge.server.api.probes.Probes;
import selvedge.server.api.probes.Welcome;
import selvedge.server.api.rest.RestFace;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.api.v1.NativeFace;
import selvedge.server.api.v1.TokensEndpoint;
import selvedge.server.http.HttpServer;
import selvedge.server.http.TlsFiles;
import selvedge.server.http.Transport;
import selvedge.server.metrics.ServerMetrics;
import selvedge.server.quota.DailyAllowance;
import selvedge.server.quota.StorageUse;

/** One process: the engine, the faces on it and the socket in front. Started and stopped once. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final Key HOME = Key.of("settings/account");
  private static final int ID_BYTES = 16;
  private static final int SECRET_BYTES = 32;

  private final Config config;
  private final ServerFile file;
  private final String localSecret;
  private final Engine engine;
  private final AccountId home;
  private final Tokens tokens;
  private final TokenGate gate;
  private final HttpServer http;
  private final List<WorkerThread> quotas = new ArrayList<>();
  private final List<Worker> last = new ArrayList<>();

  public Server(Config config) {
    InstantSource clock = InstantSource.system();
    RandomGenerator random = new SecureRandom();
    Limits limits = config.limits();
    this.config = config;
    this.file = new ServerFile(config.data());
    this.localSecret = hex(random, SECRET_BYTES);
    InetSocketAddress address = address(config);
    Optional<TlsFiles> tls = tls(config);
    var metrics = new ServerMetrics();
    this.engine = new Engine(config.data(), limits, clock, random, metrics);
    try {
      Namespace system = engine.origin().system();
      this.home = home(config, system, random);
      this.tokens = new Tokens(system, limits, clock, random);
      if (!config.rootToken().isEmpty()) {
        tokens.root(config.rootToken());
      }
      boolean loopback = address.getAddress().isLoopbackAddress();
      requireToken(loopback);
      this.gate = new TokenGate(tokens, loopback, localSecret);
      var storage = new StorageUse(engine.origin(), limits);
      var allowance = new DailyAllowance(system, limits, clock, storage);
      last.add(allowance);
      quotas.add(thread("selvedge-usage", allowance));
      quotas.add(thread("selvedge-storage", storage));
      watch(metrics);
      Path spool = spool(config.data());
      var rest =
          new RestFace(
              engine.origin(), engine.origin()::peek, gate, allowance, limits, clock, spool, home);
      var binding =
          new BindingFace(
              engine.origin(), engine.origin()::peek, gate, allowance, limits, clock, spool, home);
      var nativeFace =
          new NativeFace(
              engine.origin(),
              gate,
              allowance,
              new TokensEndpoint(tokens, limits, clock),
              new FeedEndpoint(
                  engine.origin().feed(),
                  engine.origin().signal(),
                  engine.origin().epoch(),
                  limits,
                  clock),
              limits,
              clock,
              home);
      var probes = new Probes(gate, this::trouble, metrics::text);
      var api = new ApiRouter(List.of(rest, binding, nativeFace, probes, new Welcome()));
      this.http =
          new HttpServer(
              address, tls, transport(config), config.loops(), limits, clock, api, metrics);
    } catch (RuntimeException e) {
      closeEngine();
      throw e;
    }
  }

  private static WorkerThread thread(String name, Worker worker) {
    return new WorkerThread(name, worker, e -> LOG.error("{} stopped", name, e)).start();
  }

  private void watch(ServerMetrics metrics) {
    metrics.counter("hot.hits", "reads answered from memory", engine.store()::hits);
    metrics.counter("hot.misses", "reads that asked the disk", engine.store()::misses);
    metrics.gauge("writes.queued", "writes that wait", () -> engine.origin().queuedWrites());
    metrics.gauge("version", "the newest change", () -> engine.origin().latest().number());
    metrics.gauge("feed.horizon", "where the feed begins", () -> engine.rocks().horizon().number());
    metrics.gauge("disk.free.bytes", "room on the disk", () -> engine.rocks().freeBytes());
    metrics.properties("rocksdb", engine.rocks()::properties);
  }

  /** Starts to listen and returns where. */
  public URI start() {
    try {
      InetSocketAddress bound = http.start();
      URI uri = uri(bound);
      file.write(new ServerFile.Door(uri, localSecret));
      return uri;
    } catch (RuntimeException e) {
      closeEngine();
      throw e;
    }
  }

  private URI uri(InetSocketAddress bound) {
    String scheme = config.tlsCertificate().isEmpty() ? "http" : "https";
    String host = config.host().indexOf(':') >= 0 ? "[" + config.host() + "]" : config.host();
    return URI.create(scheme + "://" + host + ":" + bound.getPort());
  }

  /** The account of callers that name none. */
  public AccountId home() {
    return home;
  }

  public boolean isOpen() {
    return gate.isOpen();
  }

  public int tokenCount() {
    return tokens.list().size();
  }

  /** Lets requests at work end, then closes everything in the reverse order of its start. */
  @Override
  public void close() {
    engine.origin().signal().end();
    http.drain();
    http.close();
    file.delete();
    closeEngine();
  }

  private void closeEngine() {
    quotas.forEach(WorkerThread::close);
    last.forEach(Worker::step);
    engine.close();
  }

  private Optional<String> trouble() {
    return http.isDraining() ? Optional.of("the server is stopping") : engine.trouble();
  }

  private void requireToken(boolean loopback) {
    if (!loopback && tokens.isEmpty()) {
      throw new InvalidRequestException(
          "on "
              + config.host()
              + " a server takes requests from other machines, so it does not start without a"
              + " token: give --root-token, or make one with: selvedge token create --data "
              + config.data());
    }
  }

  private static InetSocketAddress address(Config config) {
    try {
      return new InetSocketAddress(InetAddress.getByName(config.host()), config.port());
    } catch (UnknownHostException e) {
      throw new InvalidRequestException("listen: there is no host " + config.host());
    }
  }

  private static Optional<TlsFiles> tls(Config config) {
    return config.tlsCertificate().isEmpty()
        ? Optional.empty()
        : Optional.of(new TlsFiles(Path.of(config.tlsCertificate()), Path.of(config.tlsKey())));
  }

  private static Transport transport(Config config) {
    return switch (config.transport()) {
      case "auto" -> Transport.best();
      case "epoll" -> Transport.EPOLL;
      case "io_uring" -> Transport.IO_URING;
      case "nio" -> Transport.NIO;
      default ->
          throw new InvalidRequestException(
              "transport is auto, epoll, io_uring or nio, not " + config.transport());
    };
  }

  private static AccountId home(Config config, Namespace system, RandomGenerator random) {
    if (!config.account().isEmpty()) {
      system.put(HOME, Bytes.utf8(config.account()), Put.PLAIN);
      return new AccountId(config.account());
    }
    system.put(HOME, Bytes.utf8(hex(random, ID_BYTES)), Put.PLAIN.ifAbsent());
    if (system.get(HOME) instanceof Lookup.Found found) {
      return new AccountId(found.entry().value().bytes().utf8());
    }
    throw new IllegalStateException("the account that was just stored is missing");
  }

  private static String hex(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A directory for bodies that have to arrive whole, empty at the start. */
  private static Path spool(Path data) {
    Path directory = data.resolve("spool");
    try {
      Files.createDirectories(directory);
      try (Stream<Path> left = Files.list(directory)) {
        for (Path each : left.toList()) {
          Files.deleteIfExists(each);
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory, e);
    }
  }
}
