package selvedge.server;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.edge.Replica;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.NamespaceInfo;
import selvedge.server.access.Openness;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.OperationMeter;
import selvedge.server.api.Api;
import selvedge.server.api.probes.StartingApi;
import selvedge.server.config.Config;
import selvedge.server.config.Exposure;
import selvedge.server.entrance.ClientCertificates;
import selvedge.server.entrance.Entrance;
import selvedge.server.health.CommitWatch;
import selvedge.server.health.Conditions;
import selvedge.server.health.HealthMonitor;
import selvedge.server.http.HttpMeter;
import selvedge.server.http.HttpServer;
import selvedge.server.http.TlsFiles;
import selvedge.server.http.Transport;
import selvedge.server.metrics.AlertRule;
import selvedge.server.metrics.RequestLog;
import selvedge.server.metrics.ServerMetrics;
import selvedge.server.otlp.OtlpExporter;
import selvedge.server.otlp.Tracing;
import selvedge.server.site.EdgeMetrics;
import selvedge.server.site.SiteContext;
import selvedge.server.site.SiteHealth;
import selvedge.server.site.SiteSwitch;
import selvedge.server.tls.OutgoingTls;
import selvedge.server.voter.Voter;

/** A server: a socket and the site behind it. Started and stopped once. */
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);
  private static final int SECRET_BYTES = 32;
  private static final double MILLIS_PER_SECOND = 1000;
  private static final Duration RENEWAL = Duration.ofSeconds(2);

  private static final Duration EXPIRES_SOON = Duration.ofDays(14);
  private static final Duration REMINDER = Duration.ofDays(1);

  /** Whatever watches a server asks it more often than this. */
  private static final Duration WATCHED = Duration.ofSeconds(60);

  private final Config config;
  private final ServerFile file;
  private final String localSecret;
  private final SiteSwitch sites;
  private final HttpServer http;
  private final Optional<TlsFiles> tls;
  private final OutgoingTls outgoing;
  private final WorkerThread renewal;
  private final Analytics analytics;
  private final WorkerThread counting;
  private final Tracing tracing;
  private final Optional<OtlpExporter> exporter;
  private final Optional<WorkerThread> exporting;
  private final SiteHealth health;
  private final HealthMonitor monitor;
  private final WorkerThread watching;
  private final InstantSource clock;
  private Instant reminded = Instant.EPOCH;
  private volatile boolean ending;
  private volatile int port;
  private volatile boolean listening;

  public Server(Config config) {
    this(config, InstantSource.system());
  }

  /**
   * @param clock decides when entries expire
   */
  public Server(Config config, InstantSource clock) {
    this(config, clock, null);
  }

  /**
   * @param clock decides when entries expire
   * @param voters opens the voter, if the configuration has one; null if the program has none
   */
  public Server(Config config, InstantSource clock, Voter.@Nullable Opener voters) {
    RandomGenerator random = new SecureRandom();
    logSettings(config);
    PrivateDirectory.close(config.data());
    this.config = config;
    this.clock = clock;
    this.file = new ServerFile(config.data());
    this.localSecret = hex(random, SECRET_BYTES);
    InetSocketAddress address = address(config);
    this.tls = tls(config, clock);
    this.outgoing =
        new OutgoingTls(config.authorities(), config.peerCertificate(), config.peerKey());
    this.renewal = new WorkerThread("selvedge-certificates", this::renew, Server::notRenewed);
    var metrics = new ServerMetrics(!config.telemetry().collector().isEmpty());
    this.analytics = analytics(config, clock, random);
    this.counting = new WorkerThread("selvedge-analytics", analytics, Server::notCounted);
    this.tracing = tracing(config, clock);
    var commits = new CommitWatch(metrics);
    this.health = new SiteHealth(this::stopping, commits, metrics::syncing, config.limits());
    var front = new StartingApi(health);
    this.http = http(address, front, meter(metrics));
    var context =
        new SiteContext(
            config,
            clock,
            random,
            metrics,
            analytics,
            tracing,
            commits,
            health,
            localSecret,
            openness(config, address),
            outgoing,
            this::readmit,
            voters);
    try {
      if (listensEarly()) {
        this.port = http.start().getPort();
      }
      this.sites = new SiteSwitch(context);
    } catch (RuntimeException e) {
      http.close();
      throw e;
    }
    this.monitor = new HealthMonitor(health, System::nanoTime, sites::repair);
    this.watching =
        new WorkerThread(
            "selvedge-health",
            inTurn(monitor, new Conditions(conditions(), sites::edgeTroubles, System::nanoTime)),
            e -> LOG.error("selvedge-health stopped", e));
    watch(metrics, clock);
    this.exporter = exporter(metrics);
    this.exporting =
        exporter.map(each -> new WorkerThread("selvedge-otlp", each, Server::notExported));
    front.open(entrance());
    listening = true;
  }

  private static void logSettings(Config config) {
    String settings =
        config.running().differing().stream()
            .map(each -> each.key() + " = " + each.value() + " (" + each.source() + ")")
            .collect(Collectors.joining(", "));
    LOG.info(
        "selvedge {} starts on {}; settings that differ from the defaults: {}",
        version(),
        config.data().toAbsolutePath().normalize(),
        settings.isEmpty() ? "none" : settings);
  }

  private static Worker inTurn(Worker first, Worker second) {
    return () -> {
      Duration pause = first.step();
      Duration other = second.step();
      return pause.compareTo(other) < 0 ? pause : other;
    };
  }

  /** Returns what is logged when it begins and when it ends, although the server serves. */
  private List<Conditions.Condition> conditions() {
    return List.of(
        new Conditions.Condition(health::lowDisk, "the disk has enough space again"),
        new Conditions.Condition(
            () -> role().clockCheck().doubt().map(each -> each + ", so no expired entry is freed"),
            "the clock is trusted again, and expired entries are freed"),
        new Conditions.Condition(
            this::clockDifference,
            "the clock of this machine agrees with that of the origin again"));
  }

  private Optional<String> clockDifference() {
    return sites
        .replica()
        .flatMap(Replica::clockSkew)
        .map(Server::seconds)
        .filter(
            skew ->
                AlertRule.SELVEDGE_CLOCK_AHEAD.isMetBy(skew)
                    || AlertRule.SELVEDGE_CLOCK_BEHIND.isMetBy(skew))
        .map(
            skew ->
                "the clock of this machine is "
                    + Math.abs(Math.round(skew))
                    + (skew > 0 ? " s ahead of" : " s behind")
                    + " that of the origin");
  }

  private HttpServer http(InetSocketAddress address, Api front, HttpMeter meter) {
    return new HttpServer(
        address, tls, transport(config), config.loops(), config.limits(), clock, front, meter);
  }

  private static Tracing tracing(Config config, InstantSource clock) {
    return config.telemetry().collector().isEmpty()
        ? Tracing.off(clock)
        : Tracing.on(clock, config.telemetry().share());
  }

  private static Analytics analytics(Config config, InstantSource clock, RandomGenerator random) {
    return new Analytics(
        config.data(),
        config.limits().get(Limit.ANALYTICS_BYTES),
        () -> config.limits().get(Limit.METRIC_NAMESPACES),
        config.location(),
        config.isEdge() || config.isVoter(),
        clock,
        random);
  }

  private Optional<OtlpExporter> exporter(ServerMetrics metrics) {
    if (config.telemetry().collector().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new OtlpExporter(
            config.telemetry().collector(),
            config.telemetry().headers(),
            outgoing.get(),
            Map.of(
                "service.name",
                "selvedge",
                "service.version",
                version(),
                "service.instance.id",
                config.location()),
            tracing,
            metrics::snapshots,
            clock));
  }

  private HttpMeter meter(ServerMetrics metrics) {
    var log =
        new RequestLog(
            metrics,
            tracing,
            config.logging().access(),
            Duration.ofMillis(config.limits().get(Limit.SLOW_REQUEST_MILLIS)));
    return new OperationMeter(log, analytics);
  }

  /** Returns whether the first start may wait for other servers, so that probes come before it. */
  private boolean listensEarly() {
    return config.isEdge() || config.isVoter();
  }

  private Api entrance() {
    var entrance = new Entrance(sites.api(), this::isOpen, config.entrance());
    return config.clientCertificates()
        ? new ClientCertificates(entrance, request -> sites.site().gate().isFromOwner(request))
        : entrance;
  }

  private static Openness openness(Config config, InetSocketAddress address) {
    if (config.entrance().open()) {
      return Openness.WITHOUT_TOKENS;
    }
    return address.getAddress().isLoopbackAddress() ? Openness.UNTIL_GUARDED : Openness.NEVER;
  }

  private void watch(ServerMetrics metrics, InstantSource clock) {
    metrics.counter("hot.hits", "reads answered from memory", () -> engine().store().hits());
    metrics.counter(
        "hot.pages", "listings answered from memory", () -> engine().store().pageHits());
    metrics.counter("hot.misses", "reads from disk", () -> engine().store().misses());
    metrics.gauge("writes.queued", "waiting writes", () -> role().queuedWrites());
    metrics.gauge("version", "version of the newest change", () -> role().latest().number());
    metrics.gauge(
        "feed.horizon",
        "version before the first change of the feed",
        () -> engine().rocks().horizon().number());
    metrics.gauge("disk.free.bytes", "free disk space", () -> engine().rocks().freeBytes());
    metrics.gauge(
        "disk.reserve.bytes",
        "free disk space that puts need",
        () -> config.limits().get(Limit.DISK_RESERVE_BYTES));
    metrics.gauge("journal.bytes", "files of the journal", () -> engine().rocks().journalBytes());
    metrics.number(
        "feed.seconds",
        "how far back the feed reaches",
        () -> seconds(Duration.between(engine().rocks().feedStart(), clock.instant())));
    metrics.gauge(
        "feed.bytes", "size of the changes in the feed", () -> engine().rocks().feedBytes());
    metrics.gauge(
        "garbage.bytes",
        "large values to which no entry refers and that are not freed yet",
        () -> engine().rocks().garbageBytes());
    metrics.number(
        "sweep.lag.seconds", "how late expired entries are freed", () -> sweepLag(clock));
    metrics.gauge(
        "clock.doubtful",
        "1 while the clock is not trusted, so that no expired entry is freed",
        () -> role().clockCheck().doubt().isPresent() ? 1 : 0);
    metrics.states(health);
    metrics.build(version());
    tls.ifPresent(
        files ->
            metrics.number(
                "certificate.expiry.seconds",
                "time until the certificate of the server expires",
                () ->
                    seconds(
                        Duration.between(
                            clock.instant(), files.certificate().getNotAfter().toInstant()))));
    metrics.counter("otlp.dropped.spans", "spans that no collector took", tracing::dropped);
    sites.watchEdges(metrics);
    if (analytics.isEnabled()) {
      metrics.namespaces(analytics, id -> role().find(id).map(NamespaceInfo::title));
    }
    metrics.properties("rocksdb", () -> engine().rocks().properties());
    if (config.isEdge()) {
      new EdgeMetrics(sites::replica).register(metrics);
    }
  }

  private double sweepLag(InstantSource clock) {
    Instant due = clock.instant().minus(config.limits().seconds(Limit.EXPIRY_GRACE_SECONDS));
    return engine()
        .rocks()
        .oldestExpiry()
        .map(oldest -> Math.max(0, seconds(Duration.between(oldest, due))))
        .orElse(0.0);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / MILLIS_PER_SECOND;
  }

  /** Returns the version of the build, or "unknown" where classes are not in a jar. */
  private static String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }

  private Engine<? extends StoreRole> engine() {
    return sites.site().engine();
  }

  private StoreRole role() {
    return sites.site().role();
  }

  /** Starts to listen and returns the address. */
  public URI start() {
    try {
      if (!listensEarly()) {
        this.port = http.start().getPort();
      }
      URI uri = uri(config.host());
      file.write(endpoint());
      renewal.start();
      counting.start();
      exporting.ifPresent(WorkerThread::start);
      watching.start();
      Exposure.of(config).forEach(LOG::warn);
      warnIfOpen(uri);
      LOG.info("the server answers at {}", uri);
      return uri;
    } catch (RuntimeException e) {
      sites.close();
      throw e;
    }
  }

  private void warnIfOpen(URI uri) {
    if (config.entrance().open()) {
      LOG.warn(
          isOpen()
              ? "--open: all clients that can connect to {}, also through a proxy, may read and"
                  + " change everything"
              : "--open has no effect on {} while tokens exist",
          uri);
    }
  }

  private URI uri(String host) {
    String scheme = tls.isEmpty() ? "http" : "https";
    String bracketed = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    return URI.create(scheme + "://" + bracketed + ":" + port);
  }

  /**
   * Returns the address and secret for the command line on this machine, and the certificate to
   * trust.
   */
  private ServerFile.Endpoint endpoint() {
    InetAddress address = address(config).getAddress();
    String host = config.host();
    if (address.isAnyLocalAddress()) {
      host = address instanceof Inet6Address ? "::1" : "127.0.0.1";
    }
    return new ServerFile.Endpoint(uri(host), localSecret, certificate());
  }

  private Bytes certificate() {
    try {
      return tls.isEmpty() ? Bytes.EMPTY : Bytes.adopt(tls.get().certificate().getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("the certificate was decoded before", e);
    }
  }

  /** Returns the account of requests that name none. */
  public AccountId defaultAccount() {
    return sites.site().account();
  }

  public boolean isOpen() {
    return sites.site().gate().isOpen();
  }

  public int tokenCount() {
    return sites.site().tokens().list().size();
  }

  /**
   * Lets load balancers know that the server will stop: {@code /readyz} answers 503 while requests
   * are still accepted, for {@code drain-notice-seconds}. Returns at once if none watches it. A
   * voter hands over the lead first, so that the other voters forward no more requests to it.
   */
  public void announceStop() {
    ending = true;
    sites.handOver();
    if (health.isProbed(WATCHED)) {
      try {
        Thread.sleep(config.limits().seconds(Limit.DRAIN_NOTICE_SECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * Takes the limits of settings that were read again. Other settings change at the next start, and
   * the log names them. Certificates are read again by themselves.
   */
  public void reload(Config read) {
    config.running().adopt(read.running());
    LOG.info("the settings were read again");
  }

  /** Waits for requests in flight, then closes everything in the reverse order of its start. */
  @Override
  public void close() {
    ending = true;
    watching.close();
    Duration _ = monitor.step();
    sites.stop();
    renewal.close();
    http.drain();
    http.close();
    counting.close();
    analytics.close();
    exporting.ifPresent(WorkerThread::close);
    exporter.ifPresent(OtlpExporter::close);
    file.delete();
    sites.close();
    LOG.info("the server has stopped");
  }

  private void readmit() {
    if (listening) {
      http.readmit();
    }
  }

  private Optional<String> stopping() {
    return ending ? Optional.of("the server is stopping") : Optional.empty();
  }

  private static InetSocketAddress address(Config config) {
    try {
      return new InetSocketAddress(InetAddress.getByName(config.host()), config.port());
    } catch (UnknownHostException e) {
      throw new InvalidRequestException(
          "listen: unknown host "
              + config.host()
              + "; use a host name or an IP address of this machine");
    }
  }

  /** Reads the certificates again and updates the file for the command line. */
  private Duration renew() {
    outgoing.refresh();
    if (tls.isPresent() && tls.get().refresh()) {
      file.write(endpoint());
    }
    tls.ifPresent(files -> remind(files.certificate().getNotAfter().toInstant()));
    return RENEWAL;
  }

  /** Logs once a day that the certificate expires soon. */
  private void remind(Instant end) {
    Instant now = clock.instant();
    if (now.isBefore(reminded.plus(REMINDER)) || now.plus(EXPIRES_SOON).isBefore(end)) {
      return;
    }
    reminded = now;
    LOG.warn(
        "the certificate of the server expires in {} days, at {}: replace the files {} and {}, no"
            + " restart is needed",
        Duration.between(now, end).toDays(),
        end,
        config.tlsCertificate(),
        config.tlsKey());
  }

  private static void notRenewed(Throwable failure) {
    LOG.error("changed certificates are ignored until the next start", failure);
  }

  private static void notExported(Throwable failure) {
    LOG.error("spans and metrics are not sent until the next start", failure);
  }

  private static void notCounted(Throwable failure) {
    LOG.error("the numbers of operations are lost until the next start", failure);
  }

  private static Optional<TlsFiles> tls(Config config, InstantSource clock) {
    return config.tlsCertificate().isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TlsFiles(
                Path.of(config.tlsCertificate()),
                Path.of(config.tlsKey()),
                config.peerAuthorities(),
                clock));
  }

  private static Transport transport(Config config) {
    return switch (config.transport()) {
      case "auto" -> Transport.best();
      case "epoll" -> Transport.EPOLL;
      case "io_uring" -> Transport.IO_URING;
      case "nio" -> Transport.NIO;
      default ->
          throw new InvalidRequestException(
              "transport must be auto, epoll, io_uring or nio, got " + config.transport());
    };
  }

  private static String hex(RandomGenerator random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
