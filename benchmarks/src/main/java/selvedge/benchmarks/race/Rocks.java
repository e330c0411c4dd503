package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import selvedge.benchmarks.BareRocks;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;

/** RocksDB alone in a separate JVM. Belongs to one thread. */
final class Rocks implements Entrant {
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));

  private final String name;
  private final Program program;
  private final String work;
  private final long number;
  private final int operations;
  private int turn;

  /**
   * @param operations the number of operations per operation of RocksDB
   */
  private Rocks(String name, Program program, String work, long number, int operations) {
    this.name = name;
    this.program = program;
    this.work = work;
    this.number = number;
    this.operations = operations;
  }

  /** Gets of random keys. */
  static Rocks gets(Environment environment, String name, ManyKeys many, long cacheBytes)
      throws IOException, InterruptedException {
    return new Rocks(name, start(environment, many, cacheBytes), "get", many.keys(), 1);
  }

  /** A page of a thousand rows from the key. */
  static Rocks pages(
      Environment environment, String name, ManyKeys many, long cacheBytes, long from)
      throws IOException, InterruptedException {
    return new Rocks(name, start(environment, many, cacheBytes), "list", from, 1);
  }

  /** Synced writes with the rows of the given number of puts. */
  static Rocks puts(Environment environment, String name, int together)
      throws IOException, InterruptedException {
    Path store = Files.createDirectories(environment.newFolder("rocks").resolve("store"));
    long cacheBytes = Limits.of(Profile.OPEN).get(Limit.BLOCK_CACHE_BYTES);
    Program program = start(store, NAMESPACE, cacheBytes);
    return new Rocks(name, program, "put", together, together);
  }

  private static Program start(Environment environment, ManyKeys many, long cacheBytes)
      throws IOException, InterruptedException {
    Path data = environment.newFolder("rocks");
    many.linkTo(data.resolve("data"));
    return start(new StoreDirectory(data.resolve("data")).store(), many.namespace(), cacheBytes);
  }

  private static Program start(Path store, NamespaceId namespace, long cacheBytes)
      throws IOException {
    return Contestants.java(
        store,
        BareRocks.class,
        List.of(store.toString(), namespace.hex(), Long.toString(cacheBytes)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double before = cpuMicros();
    BareRocks.Counted counted = turn(time);
    return new Sample(
        operations * counted.operations() / counted.seconds(),
        counted.median(),
        counted.p99(),
        (cpuMicros() - before) / counted.operations() / operations);
  }

  /** Runs the work for the given time. */
  BareRocks.Counted turn(Duration time) throws IOException, InterruptedException {
    turn++;
    program.writeLine(turn + " " + work + " " + time.toMillis() + " " + number);
    return BareRocks.Counted.of(program.awaitOutput(Pattern.compile("turn " + turn + ": (.*)\n")));
  }

  @Override
  public List<Program> programs() {
    return List.of(program);
  }
}
