package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import selvedge.engine.StoreDirectory;
import selvedge.engine.store.RocksAlone;

/** RocksDB in a JVM of its own, which reads what it is told to. Belongs to one thread. */
final class RocksReads implements Entrant {
  private final String name;
  private final Program program;
  private final String work;
  private final long number;
  private int turn;

  private RocksReads(String name, Program program, String work, long number) {
    this.name = name;
    this.program = program;
    this.work = work;
    this.number = number;
  }

  /** Gets of keys of chance. */
  static RocksReads gets(Field field, String name, ManyKeys many, long cacheBytes)
      throws IOException, InterruptedException {
    return new RocksReads(name, start(field, many, cacheBytes), "get", many.keys());
  }

  /** A page of a thousand rows, from that key on. */
  static RocksReads pages(Field field, String name, ManyKeys many, long cacheBytes, long from)
      throws IOException, InterruptedException {
    return new RocksReads(name, start(field, many, cacheBytes), "list", from);
  }

  private static Program start(Field field, ManyKeys many, long cacheBytes)
      throws IOException, InterruptedException {
    Path data = field.fresh("rocks");
    many.linkTo(data.resolve("data"));
    return Contestants.java(
        data,
        RocksAlone.class,
        List.of(
            new StoreDirectory(data.resolve("data")).store().toString(),
            many.namespace().hex(),
            Long.toString(cacheBytes)));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double before = cpuMicros();
    RocksAlone.Counted counted = turn(time);
    return new Sample(
        counted.operations() / counted.seconds(),
        counted.median(),
        counted.p99(),
        (cpuMicros() - before) / counted.operations());
  }

  /** Lets it read for so long. */
  RocksAlone.Counted turn(Duration time) throws IOException, InterruptedException {
    turn++;
    program.tell(turn + " " + work + " " + time.toMillis() + " " + number);
    return RocksAlone.Counted.of(program.awaitSaid(Pattern.compile("turn " + turn + ": (.*)\n")));
  }

  @Override
  public List<Program> programs() {
    return List.of(program);
  }
}
