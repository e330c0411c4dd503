package selvedge.examples;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Selvedge;
import selvedge.patterns.Analytics;
import selvedge.patterns.Bulk;
import selvedge.patterns.Cache;
import selvedge.patterns.CacheOptions;
import selvedge.patterns.CoalescingReader;
import selvedge.patterns.EventStore;
import selvedge.patterns.FixedWindow;
import selvedge.patterns.Flags;
import selvedge.patterns.Lease;
import selvedge.patterns.Locks;
import selvedge.patterns.Regional;
import selvedge.patterns.Session;
import selvedge.patterns.SessionCookie;
import selvedge.patterns.SessionOptions;
import selvedge.patterns.Sessions;
import selvedge.patterns.Settings;

/** Uses each pattern on one namespace and prints the results. */
final class Tour {
  private final Namespace namespace;
  private final InstantSource clock;
  private final PrintStream out;

  private Tour(Namespace namespace, InstantSource clock, PrintStream out) {
    this.namespace = namespace;
    this.clock = clock;
    this.out = out;
  }

  /** Runs the tour. The argument is the directory of the store. */
  public static void main(String[] arguments) {
    Path directory = Path.of(arguments.length > 0 ? arguments[0] : "./tour-data");
    try (Selvedge selvedge = Selvedge.open(directory)) {
      run(selvedge, System.out);
    }
  }

  static void run(Selvedge selvedge, PrintStream out) {
    Namespace namespace = selvedge.namespace("tour");
    namespace.clear("");
    var tour = new Tour(namespace, InstantSource.system(), out);
    tour.cache();
    tour.sessions();
    tour.settings();
    tour.flags();
    tour.limits();
    tour.locks();
    tour.events();
    tour.counts();
    tour.bulk();
    tour.regions();
    tour.reader();
  }

  private void cache() {
    // @start region="cache"
    var cache =
        new Cache<>(namespace, "page/", Codec.TEXT, CacheOptions.fresh(Duration.ofMinutes(1)));
    for (int i = 0; i < 2; i++) {
      out.println("cache: " + cache.get("home", key -> Optional.of("<h1>" + key)).from());
    }
    // @end
  }

  private void sessions() {
    // @start region="sessions"
    var sessions =
        new Sessions(
            namespace, "session/", SessionOptions.lifetime(Duration.ofHours(1)).clock(clock));
    Session session = sessions.create("alice", Map.of("cart", "empty"));
    var cookie = SessionCookie.of("sid", Duration.ofHours(1));
    String sent = cookie.make(session.id());
    String id = cookie.parse(sent.substring(0, sent.indexOf(';'))).orElseThrow();
    sessions.update(id, _ -> Map.of("cart", "a book"));
    out.println("session: " + sessions.get(id).orElseThrow().data());
    out.println("session: " + sessions.destroyAll("alice") + " ended");
    // @end
  }

  private void settings() {
    // @start region="settings"
    try (Settings settings = Settings.open(namespace, "config/", Duration.ofMinutes(1))) {
      out.println("settings: " + settings.number("limit", 10));
      out.println("settings: " + settings.update("limit", Codec.NUMBER, 10L, n -> n + 1));
    }
    // @end
  }

  private void flags() {
    // @start region="flags"
    var flags = new Flags(namespace, "flag/");
    flags.change("beta", flag -> flag.rolledOutTo(50).allowing("alice"));
    long on = IntStream.range(0, 1000).filter(i -> flags.isOn("beta", "user" + i)).count();
    out.println("flags: alice " + flags.isOn("beta", "alice") + ", about half: " + (on > 400));
    // @end
  }

  private void limits() {
    // @start region="limits"
    var limiter = new FixedWindow(namespace, "limit/", 2, Duration.ofDays(1), clock);
    String answers =
        IntStream.range(0, 3)
            .mapToObj(_ -> Boolean.toString(limiter.tryAcquire("alice").allowed()))
            .collect(Collectors.joining(" "));
    out.println("limiter: " + answers);
    // @end
  }

  private void locks() {
    // @start region="locks"
    var locks = new Locks(namespace, "lock/");
    var account = new Locks.Guarded(namespace, Key.of("account"));
    Optional<Boolean> written =
        locks.withLock(
            "job",
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            (Lease lease) -> account.write(lease, Bytes.utf8("100")));
    out.println("lock: " + written.orElse(false));
    // @end
  }

  private void events() {
    // @start region="events"
    var events = new EventStore(namespace, "events/");
    for (long i = 0; i < 3; i++) {
      events.append("orders", i, Bytes.utf8("order " + i));
    }
    out.println("events: " + events.append("orders", 1, Bytes.utf8("too late")));
    out.println("events: " + events.fold("orders", 0L, Codec.NUMBER, (sum, _) -> sum + 1).state());
    // @end
  }

  private void counts() {
    // @start region="counts"
    var analytics = new Analytics(namespace, "count/", Duration.ofDays(30), clock);
    analytics.record("home", 2);
    analytics.record("about");
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    out.println("counts: " + analytics.top(today, 1).getFirst().name());
    // @end
  }

  private void bulk() {
    // @start region="bulk"
    Map<Key, Bytes> values =
        IntStream.range(0, 2500)
            .boxed()
            .collect(Collectors.toMap(i -> Key.of("bulk/" + i), i -> Bytes.utf8("v" + i)));
    out.println("bulk: " + Bulk.of(namespace).putAll(values).succeeded());
    // @end
  }

  private void regions() {
    // @start region="regions"
    var regional = new Regional(namespace, "fra");
    var version = regional.put("profile", Bytes.utf8("alice"));
    boolean visible = Regional.waitUntilVisible(namespace, version, Duration.ofSeconds(1));
    out.println(
        "regions: "
            + visible
            + ", from "
            + regional.get("profile", ReadOptions.PLAIN).orElseThrow().region());
    // @end
  }

  private void reader() {
    // @start region="reader"
    var reader = new CoalescingReader(namespace);
    long found =
        List.of("bulk/1", "bulk/2", "none").stream()
            .map(name -> reader.get(Key.of(name)))
            .filter(Lookup.Found.class::isInstance)
            .count();
    out.println("reader: " + found);
    // @end
  }
}
