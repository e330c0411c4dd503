package selvedge.examples;

import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import selvedge.client.AsyncNamespace;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.NearCache;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Codec;
import selvedge.model.Counted;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Selvedge;
import selvedge.model.Subscription;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

/** Shows the operations of a namespace step by step and prints their results. */
final class FirstSteps {
  private final Namespace namespace;
  private final PrintStream out;

  private FirstSteps(Namespace namespace, PrintStream out) {
    this.namespace = namespace;
    this.out = out;
  }

  /**
   * Runs the steps on a server or on an embedded store. The argument is its URL or its directory.
   */
  public static void main(String[] arguments) {
    String where = arguments.length > 0 ? arguments[0] : "./first-data";
    // @start region="selvedge"
    try (Selvedge selvedge =
        where.startsWith("http")
            ? Selvedge.connect(URI.create(where))
            : Selvedge.open(Path.of(where))) {
      run(selvedge.namespace("first"), System.out);
    }
    // @end
  }

  static void run(Namespace namespace, PrintStream out) {
    namespace.clear("");
    var steps = new FirstSteps(namespace, out);
    steps.putAndGet();
    steps.count();
    steps.write();
    steps.decide();
    steps.freshness();
    steps.listing();
    steps.codec();
    steps.watch();
    steps.subscribe();
    steps.near();
  }

  private void putAndGet() {
    // @start region="put"
    namespace.put("greeting", "hello");
    WriteOptions options =
        WriteOptions.PLAIN
            .expiresIn(Duration.ofHours(1))
            .metadata(Metadata.json("{\"by\":\"alice\"}"));
    namespace.put("session", "open", options);
    Optional<String> greeting = namespace.getText("greeting");
    // @end
    out.println("get: " + greeting.orElse("nothing"));
  }

  private void count() {
    // @start region="increment"
    Counted visits = namespace.increment(Key.of("visits"), 1, WriteOptions.PLAIN);
    // @end
    out.println("count: " + visits.value());
  }

  private void write() {
    // @start region="write"
    namespace.write(
        List.of(
            Mutation.put(
                "code/alice",
                Bytes.utf8("1234"),
                WriteOptions.PLAIN.expiresIn(Duration.ofMinutes(5))),
            Mutation.delete("attempts/alice")));
    // @end
    Optional<Entry> code = namespace.find("code/alice");
    out.println("code: " + code.filter(entry -> entry.expiry() instanceof Expiry.At).isPresent());
  }

  private void decide() {
    // @start region="condition"
    Key key = Key.of("owner");
    Outcome first = namespace.put(key, Bytes.utf8("alice"), WriteOptions.PLAIN.ifAbsent());
    Outcome second = namespace.put(key, Bytes.utf8("bob"), WriteOptions.PLAIN.ifAbsent());
    if (second instanceof Outcome.Conflict(Version current)) {
      namespace.put(key, Bytes.utf8("bob"), WriteOptions.PLAIN.ifVersion(current));
    }
    // @end
    out.println("accepted: " + (first instanceof Outcome.Accepted));
    out.println("owner: " + namespace.getText("owner").orElse("none"));
  }

  private void freshness() {
    // @start region="freshness"
    Version written = namespace.put("price", "10").version();
    Lookup own = namespace.get(Key.of("price"), ReadOptions.PLAIN.atLeast(written));
    Aged aged = namespace.getAged(Key.of("price"), ReadOptions.PLAIN.maxAge(Duration.ofSeconds(1)));
    // @end
    out.println("fresh: " + (own instanceof Lookup.Found) + ", " + aged.age().isPresent());
  }

  private void listing() {
    // @start region="keys"
    List<String> names = namespace.keys("").map(listed -> listed.key().name()).toList();
    // @end
    out.println("keys: " + names);
  }

  // @start region="codec"
  private record Point(int x, int y) {
    static final Codec<Point> CODEC =
        Codec.of(
            point -> Bytes.utf8(point.x() + "," + point.y()),
            bytes -> {
              String[] parts = bytes.utf8().split(",", -1);
              return new Point(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
            });
  }

  // @end

  private void codec() {
    namespace.put("point", new Point(1, 2), Point.CODEC.gzip(), WriteOptions.PLAIN);
    out.println("point: " + namespace.get("point", Point.CODEC.gzip()).orElseThrow());
  }

  private void watch() {
    // @start region="watch"
    try (Watch watch = namespace.watch(Bytes.utf8("price"), namespace.latest())) {
      namespace.put("price", "11");
      Optional<Change> change = watch.next(Duration.ofSeconds(5));
      out.println("watch: " + change.isPresent());
    }
    // @end
  }

  private void subscribe() {
    var changed = new CompletableFuture<String>();
    // @start region="subscribe"
    Version start = namespace.latest();
    try (Subscription _ =
        namespace.subscribe("price", start, change -> changed.complete("" + change.mutation()))) {
      namespace.put("price", "12");
      changed.join();
    }
    // @end
    out.println("subscription: " + changed.join().contains("price"));
  }

  private void near() {
    // @start region="near"
    try (NearCache near = NearCache.of(namespace, 16 << 20)) {
      near.getText("price");
      out.println("near: " + near.getText("price").orElse("nothing"));
    }
    // @end
    // @start region="async"
    AsyncNamespace async = AsyncNamespace.of(namespace);
    async
        .getText("price")
        .thenAccept(price -> out.println("later: " + price.orElse("nothing")))
        .join();
    // @end
  }

  /** Shows the lag of an edge without waiting for it. */
  static void late(PrintStream out) {
    // @start region="fake"
    var clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
    var origin = new MemoryNamespaces(clock);
    MemoryEdge edge = origin.edge();
    edge.setLag(Duration.ofSeconds(30));
    Selvedge.of(origin).namespace("shop").put("open", "yes");
    Namespace far = Selvedge.of(edge).namespace("shop");
    out.println("far: " + far.getText("open").orElse("nothing yet"));
    clock.advance(Duration.ofSeconds(30));
    out.println("far: " + far.getText("open").orElse("nothing yet"));
    // @end
  }

  /** Returns a client with two servers, the nearest first. */
  static Client client(String token) {
    // @start region="client"
    return Client.of(
        ClientOptions.of(URI.create("http://10.0.0.2:5820"), URI.create("http://10.0.0.1:5820"))
            .token(token)
            .deadline(Duration.ofSeconds(5)));
    // @end
  }
}
