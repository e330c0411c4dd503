package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;

/**
 * Compares the cost of an operation with few keys and with many.
 *
 * <p>The operations are the same in all stores. A get from memory uses the same 10,000 keys, which
 * are all in memory after the first round. A get from disk uses random keys and a server without
 * entries in memory, so that each get reads RocksDB. Its block cache has a tenth of the data, as
 * docs/reference/limits.md recommends. RocksDB alone with the same cache shows its part of the
 * growth.
 */
final class Growth implements Contest {
  private static final long FEW = 10_000;
  private static final int CONNECTIONS = 16;
  private static final double MOST = 1.3;
  private static final String ALONE = "RocksDB alone";
  private final ManyKeys many;

  Growth(ManyKeys many) {
    this.many = many;
  }

  /** An operation and its request in the script of wrk. */
  private enum Operation {
    MEMORY("get from memory", "wrk.format(\"GET\", values .. name(FEW))"),
    DISK("get from disk", "wrk.format(\"GET\", values .. name(COUNT))"),
    LIST("list of 100", "wrk.format(\"GET\", keys .. page(COUNT))"),
    PUT("put", "wrk.format(\"PUT\", values .. name(COUNT), nil, value)");

    private final String label;
    private final String request;

    Operation(String label, String request) {
      this.label = label;
      this.request = request;
    }

    String name(long keys) {
      return Growth.name("Selvedge, " + label, keys);
    }

    /**
     * Each list begins at a new random key, with a prefix of a hundred keys, because repeated pages
     * come from memory.
     */
    String script(SelvedgeServer server, long keys) {
      return """
      math.randomseed(os.time())
      local values = "VALUES"
      local keys = "KEYS?limit=100&prefix="
      local value = "VALUE"
      local function name(count) return string.format("%010d", math.random(0, count - 1)) end
      local turn = 1000 * math.random(1000000)
      local function page(count)
        turn = turn + 1
        local prefix = string.sub(name(count), 1, 8)
        return prefix .. "&start_after=" .. prefix .. "-" .. turn
      end
      request = function() return REQUEST end
      """
          .replace("REQUEST", request)
          .replace("VALUES", server.restPath())
          .replace("KEYS", server.keysPath())
          .replace("VALUE", ManyKeys.value(0))
          .replace("COUNT", Long.toString(keys))
          .replace("FEW", Long.toString(FEW));
    }
  }

  private static String name(String label, long keys) {
    return String.format(Locale.ROOT, "%s, %,d keys", label, keys);
  }

  @Override
  public int show() {
    return 10;
  }

  @Override
  public String work() {
    return String.format(
        Locale.ROOT, "growth: an operation with %,d keys and with %,d", FEW, many.keys());
  }

  @Override
  public String target() {
    return "CPU ≤ 1.3 × (get from memory and from disk, list, put)";
  }

  private List<Long> sizes() {
    return LongStream.concat(
            LongStream.of(FEW, 100_000, 1_000_000).filter(each -> each < many.keys()),
            LongStream.of(many.keys()))
        .boxed()
        .toList();
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (long keys : sizes()) {
      ManyKeys store =
          keys == many.keys()
              ? many
              : new ManyKeys(environment.newFolder("growth"), keys, environment.out());
      SelvedgeServer usual = SelvedgeServer.on(environment, store, List.of());
      entrants.add(entrant(environment, usual, Operation.MEMORY, keys));
      entrants.add(entrant(environment, usual, Operation.LIST, keys));
      entrants.add(entrant(environment, usual, Operation.PUT, keys));
      String blocks = "block-cache-bytes=" + store.tenth();
      SelvedgeServer bare =
          SelvedgeServer.on(
              environment, store, List.of("--limit", "hot-bytes=0", "--limit", blocks));
      entrants.add(new WarmedEntrant(entrant(environment, bare, Operation.DISK, keys), store));
      entrants.add(
          new WarmedEntrant(
              Rocks.gets(environment, name(ALONE, keys), store, store.tenth()), store));
    }
    return entrants;
  }

  private static Entrant entrant(
      Environment environment, SelvedgeServer server, Operation operation, long keys)
      throws IOException {
    Path script = environment.newFolder("growth").resolve("script.lua");
    Files.writeString(script, operation.script(server, keys));
    return new HttpEntrant(
        operation.name(keys),
        List.of(server.program()),
        new Wrk(server.url(), CONNECTIONS, server.headers(), script.toString()));
  }

  @Override
  public Verdict judge(Standings standings) {
    List<String> ratios = new ArrayList<>();
    boolean met = true;
    for (Operation operation : Operation.values()) {
      double ratio = growth(standings, operation::name);
      met &= ratio <= MOST;
      ratios.add(String.format(Locale.ROOT, "%s %.2f ×", operation.label, ratio));
    }
    double alone = growth(standings, keys -> name(ALONE, keys));
    return new Verdict(
        met,
        String.format(
            Locale.ROOT, "CPU: %s (RocksDB alone %.2f ×)", String.join(", ", ratios), alone));
  }

  private double growth(Standings standings, LongFunction<String> name) {
    return standings.cpu(name.apply(many.keys())) / standings.cpu(name.apply(FEW));
  }

  @Override
  public Optional<Chart> chart(Standings standings) {
    List<Chart.Group> groups = new ArrayList<>();
    for (Operation operation : Operation.values()) {
      groups.add(group(standings, operation.label, operation::name, true));
    }
    groups.add(group(standings, ALONE, keys -> name(ALONE, keys), false));
    return Optional.of(new Chart("benchmarks-growth.svg", groups));
  }

  private Chart.Group group(
      Standings standings, String label, LongFunction<String> name, boolean server) {
    List<Chart.Bar> bars = new ArrayList<>();
    for (long keys : sizes()) {
      String size = String.format(Locale.ROOT, "%,d keys", keys);
      bars.add(new Chart.Bar(size, standings.cpu(name.apply(keys)), server));
    }
    return new Chart.Group(label, bars);
  }
}
