package selvedge.benchmarks.race;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.springframework.cache.CacheManager;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.EnableCaching;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Selvedge;
import selvedge.model.WriteOptions;
import selvedge.spring.JavaCodec;
import selvedge.spring.SelvedgeProperties;
import selvedge.spring.cache.SelvedgeCaches;

/**
 * A program that reads a value of 1 KiB again and again, in a process of its own, so that its CPU
 * time is that of the client library. Each number of milliseconds in a line of its standard input
 * is a turn; it prints a line with the result.
 */
final class ProgramLoad {
  private static final int BYTES = 1024;

  /** Reads before the first turn, after which the JVM has compiled the client. */
  private static final int WARM_UP_READS = 30_000;

  private static final byte[] KEY = "k".getBytes(StandardCharsets.US_ASCII);

  private ProgramLoad() {}

  /** What is measured. */
  enum Work {
    SELVEDGE,
    LETTUCE,
    SPRING_ON_SELVEDGE,
    SPRING_ON_REDIS
  }

  /** One read; belongs to one thread. */
  interface Read {
    void run();
  }

  /** The arguments are the work, the address of the store, and the number of connections. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    URI store = URI.create(arguments[1]);
    int connections = Integer.parseInt(arguments[2]);
    List<Read> reads =
        switch (Work.valueOf(arguments[0])) {
          case SELVEDGE -> selvedge(store, connections);
          case LETTUCE -> lettuce(store, connections);
          case SPRING_ON_SELVEDGE -> springOnSelvedge(store, connections);
          case SPRING_ON_REDIS -> springOnRedis(store, connections);
        };
    warmUp(reads);
    System.out.println("ready to read");
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    int turn = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      turn++;
      System.out.printf("turn %d: %s%n", turn, turn(reads, Long.parseLong(line)));
    }
    System.exit(0);
  }

  private static void warmUp(List<Read> reads) {
    for (int i = 0; i < WARM_UP_READS; i++) {
      reads.get(i % reads.size()).run();
    }
  }

  private static Selvedge client(URI server, int connections) {
    return Client.of(
        ClientOptions.of(server).token(SelvedgeServer.TOKEN).maxConcurrent(connections));
  }

  private static List<Read> selvedge(URI server, int connections) {
    Namespace namespace = client(server, connections).namespace("programs");
    Key key = Key.of("k");
    namespace.put(key, Bytes.adopt(new byte[BYTES]), WriteOptions.PLAIN);
    return repeated(
        connections, () -> requireLength(length(namespace.get(key, ReadOptions.PLAIN))));
  }

  private static long length(Lookup lookup) {
    return lookup instanceof Lookup.Found found ? found.entry().value().length() : 0;
  }

  private static void requireLength(long bytes) {
    if (bytes != BYTES) {
      throw new IllegalStateException("a value must have " + BYTES + " bytes, got " + bytes);
    }
  }

  private static List<Read> lettuce(URI server, int connections) {
    RedisClient client = RedisClient.create(RedisURI.create(server));
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      StatefulRedisConnection<byte[], byte[]> connection = client.connect(ByteArrayCodec.INSTANCE);
      connection.sync().set(KEY, new byte[BYTES]);
      reads.add(() -> requireLength(Objects.requireNonNull(connection.sync().get(KEY)).length));
    }
    return reads;
  }

  private static List<Read> repeated(int connections, Read read) {
    List<Read> reads = new ArrayList<>();
    for (int i = 0; i < connections; i++) {
      reads.add(read);
    }
    return reads;
  }

  /** A bean with a cached method. */
  static class Catalogue {
    private final String value = "x".repeat(BYTES);

    @Cacheable("books")
    public String find(String isbn) {
      return value;
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableCaching(proxyTargetClass = true)
  static class Program {}

  private static List<Read> springOnSelvedge(URI server, int connections) {
    var properties =
        new SelvedgeProperties.Cache(
            true,
            "cache",
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            true,
            100,
            Map.of());
    return cached(
        new SelvedgeCaches(
            client(server, connections),
            properties,
            new JavaCodec(ProgramLoad.class.getClassLoader()),
            InstantSource.system()),
        connections);
  }

  private static List<Read> springOnRedis(URI server, int connections) {
    var factory = new LettuceConnectionFactory(server.getHost(), server.getPort());
    factory.afterPropertiesSet();
    factory.start();
    return cached(RedisCacheManager.create(factory), connections);
  }

  private static List<Read> cached(CacheManager caches, int connections) {
    var context = new AnnotationConfigApplicationContext();
    context.registerBean("cacheManager", CacheManager.class, () -> caches);
    context.registerBean(Catalogue.class, Catalogue::new);
    context.register(Program.class);
    context.refresh();
    Catalogue catalogue = context.getBean(Catalogue.class);
    return repeated(connections, () -> requireLength(catalogue.find("9780141439518").length()));
  }

  private static String turn(List<Read> reads, long millis) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    List<Latencies> all = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (Read read : reads) {
      var latencies = new Latencies();
      all.add(latencies);
      threads.add(Thread.ofPlatform().start(() -> repeat(read, end, latencies)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    Latencies total = all.getFirst();
    all.stream().skip(1).forEach(total::add);
    return String.format(
        Locale.ROOT, "%d %.1f %.1f", total.count(), total.micros(0.5), total.micros(0.99));
  }

  private static void repeat(Read read, long end, Latencies latencies) {
    long before = System.nanoTime();
    while (before - end < 0) {
      read.run();
      long after = System.nanoTime();
      latencies.record(after - before);
      before = after;
    }
  }
}
