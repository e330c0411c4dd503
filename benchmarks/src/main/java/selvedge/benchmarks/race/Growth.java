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
 * What an operation costs with few keys and with many.
 *
 * <p>Like is compared with like: a get from memory asks for the same 10,000 keys in every store,
 * which are all in memory after the first round. A get from disk asks for keys of chance, from a
 * server that keeps no entry in memory, so that in every store each goes to RocksDB, which has a
 * tenth of the data in its cache of blocks, as docs/reference/limits.md advises. RocksDB alone with
 * the same cache shows how much of the growth is its own.
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

  /** What is done, and how wrk asks for it. */
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
     * A list begins at a random key, with a prefix that a hundred keys share. Each request uses a
     * new one, because repeated pages come from memory.
     */
    String script(Ours ours, long keys) {
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
          .replace("VALUES", ours.restPath())
          .replace("KEYS", ours.keysPath())
          .replace("VALUE", ManyKeys.value(0))
          .replace("COUNT", Long.toString(keys))
          .replace("FEW", Long.toString(FEW));
    }
  }

  private static String name(String who, long keys) {
    return String.format(Locale.ROOT, "%s, %,d keys", who, keys);
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
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (long keys : sizes()) {
      ManyKeys store =
          keys == many.keys() ? many : new ManyKeys(field.fresh("growth"), keys, field.out());
      Ours usual = Ours.on(field, store, List.of());
      entrants.add(entrant(field, usual, Operation.MEMORY, keys));
      entrants.add(entrant(field, usual, Operation.LIST, keys));
      entrants.add(entrant(field, usual, Operation.PUT, keys));
      String blocks = "block-cache-bytes=" + store.tenth();
      Ours bare = Ours.on(field, store, List.of("--limit", "hot-bytes=0", "--limit", blocks));
      entrants.add(new Warmed(entrant(field, bare, Operation.DISK, keys), store));
      entrants.add(new Warmed(Rocks.gets(field, name(ALONE, keys), store, store.tenth()), store));
    }
    return entrants;
  }

  private static Entrant entrant(Field field, Ours ours, Operation operation, long keys)
      throws IOException {
    Path script = field.fresh("growth").resolve("script.lua");
    Files.writeString(script, operation.script(ours, keys));
    return new OverHttp(
        operation.name(keys),
        List.of(ours.program()),
        new Wrk(ours.url(), CONNECTIONS, ours.headers(), script.toString()));
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
      Standings standings, String label, LongFunction<String> name, boolean ours) {
    List<Chart.Bar> bars = new ArrayList<>();
    for (long keys : sizes()) {
      String size = String.format(Locale.ROOT, "%,d keys", keys);
      bars.add(new Chart.Bar(size, standings.cpu(name.apply(keys)), ours));
    }
    return new Chart.Group(label, bars);
  }
}
