package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Gets of random keys, of which a tenth fits into the block cache of RocksDB. RocksDB reads the
 * others from the page cache of the kernel. Selvedge also has a few entries in memory.
 */
final class ColdGet implements Contest {
  private static final long HOT_BYTES = 4 << 20;
  private static final int CONNECTIONS = 64;
  private static final double MOST = 1.3;
  private static final String OURS = "Selvedge, REST";
  private static final String ROCKS = "RocksDB alone";
  private static final String FLOOR = "bare Netty";
  private final ManyKeys many;
  private long diskBytes;

  ColdGet(ManyKeys many) {
    this.many = many;
  }

  @Override
  public int show() {
    return 4;
  }

  @Override
  public String work() {
    return String.format(
        Locale.ROOT, "cold get: %,d keys of 1 KiB, a tenth in caches, 64 connections", many.keys());
  }

  @Override
  public String target() {
    return "CPU ≤ 1.3 × RocksDB get alone, and a prepared answer by bare Netty";
  }

  private long cacheBytes() {
    return many.tenth() - HOT_BYTES;
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    List<String> limits =
        List.of(
            "--limit", "hot-bytes=" + HOT_BYTES, "--limit", "block-cache-bytes=" + cacheBytes());
    SelvedgeServer server = SelvedgeServer.on(environment, many, limits);
    diskBytes = many.bytesOnDisk();
    Path script = environment.newFolder("cold").resolve("get.lua");
    Files.writeString(
        script,
        """
        math.randomseed(os.time())
        request = function()
          return wrk.format("GET", "VALUES" .. string.format("%010d", math.random(0, COUNT - 1)))
        end
        """
            .replace("VALUES", server.restPath())
            .replace("COUNT", Long.toString(many.keys())));
    Wrk load = new Wrk(server.url(), CONNECTIONS, server.headers(), script.toString());
    fillCaches(load, environment.out());
    return List.of(
        new WarmedEntrant(new HttpEntrant(OURS, List.of(server.program()), load), many),
        new WarmedEntrant(Rocks.gets(environment, ROCKS, many, cacheBytes()), many),
        Contestants.netty(environment, new byte[ManyKeys.BYTES]).measuredBy(FLOOR, CONNECTIONS));
  }

  /**
   * Fills the caches with more entries than a turn reads. RocksDB alone fills its block cache in
   * the first second.
   */
  private void fillCaches(Wrk load, PrintWriter out) throws IOException, InterruptedException {
    for (long requests = 0; requests < many.keys() / 10; ) {
      out.printf("\r    filling the caches: %,d of %,d gets ", requests, many.keys() / 10);
      out.flush();
      requests += load.run(Duration.ofSeconds(2)).requests();
    }
  }

  @Override
  public Verdict judge(Standings standings) {
    double cpu = standings.cpu(OURS);
    double most = MOST * standings.cpu(ROCKS) + standings.cpu(FLOOR);
    return new Verdict(
        cpu <= most,
        String.format(
            Locale.ROOT,
            "CPU %.1f µs of at most %.1f µs (without Netty's part %.2f × RocksDB);"
                + " %,d MB of keys and values, %,d MB on disk with the feed, caches of %,d MB",
            cpu,
            most,
            (cpu - standings.cpu(FLOOR)) / standings.cpu(ROCKS),
            many.bytes() >> 20,
            diskBytes >> 20,
            cacheBytes() >> 20));
  }
}
