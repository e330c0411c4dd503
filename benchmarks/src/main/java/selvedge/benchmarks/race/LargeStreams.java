package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Values of 25 MiB to and from 64 concurrent clients, with a heap that could hold less than a sixth
 * of them. The clients are virtual threads of the race. They check each value that they read.
 */
final class LargeStreams implements Contest {
  private static final int CLIENTS = 64;
  private static final double LEAST = 0.5;
  private static final String HEAP = "-Xmx256m";
  private static final String OUT = "Selvedge, out";
  private static final String BOTH = "Selvedge, in and out";
  private static final String NGINX = "nginx, out";

  @Override
  public int show() {
    return 9;
  }

  @Override
  public String work() {
    return "streams of 25 MiB, 64 clients at once, heap of 256 MB";
  }

  @Override
  public String target() {
    return "the heap is enough; throughput of reads ≥ 0.5 × nginx";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    LargeValue value = new LargeValue(0);
    SelvedgeServer out = start(environment);
    URI address = URI.create(out.rest() + "k");
    put(address, value);
    List<Load> reads = Collections.nCopies(CLIENTS, new Load(address, value, false));

    SelvedgeServer both = start(environment);
    List<Load> all = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      LargeValue own = new LargeValue(i);
      URI place = URI.create(both.rest() + "k" + i);
      put(place, own);
      all.add(new Load(place, own, false));
      all.add(new Load(place, own, true));
    }

    ServedValue nginx = Contestants.nginx(environment, value.toArray());
    URI file = URI.create(nginx.url());
    return List.of(
        new Streaming(OUT, out.program(), reads),
        new Streaming(BOTH, both.program(), all),
        new Streaming(
            NGINX, nginx.program(), Collections.nCopies(CLIENTS, new Load(file, value, false))));
  }

  private static SelvedgeServer start(Environment environment)
      throws IOException, InterruptedException {
    return SelvedgeServer.start(
        environment,
        environment.newFolder("streams"),
        List.of(),
        Map.of("SELVEDGE_JAVA_OPTS", HEAP));
  }

  private static void put(URI address, LargeValue value) throws IOException {
    try (Connection connection = new Connection(address)) {
      connection.put(value);
    }
  }

  /** The work that one client repeats: it gets the value, or puts it again. */
  private record Load(URI address, LargeValue value, boolean puts) {

    /** Returns the time of each operation in nanoseconds. The last one is completed. */
    List<Long> run(long end) throws IOException {
      List<Long> nanos = new ArrayList<>();
      try (Connection connection = new Connection(address)) {
        for (long start = System.nanoTime(); start - end < 0; start = System.nanoTime()) {
          if (puts) {
            connection.put(value);
          } else {
            connection.get(value);
          }
          nanos.add(System.nanoTime() - start);
        }
      }
      return nanos;
    }
  }

  /** Runs all clients concurrently. An operation is one value, in or out. */
  private record Streaming(String name, Program program, List<Load> loads) implements Entrant {
    @Override
    public Sample run(Duration time) throws IOException, InterruptedException {
      double before = program.cpuMicros();
      long start = System.nanoTime();
      List<Long> nanos = new ArrayList<>();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<List<Long>>> tasks = new ArrayList<>();
        loads.forEach(load -> tasks.add(() -> load.run(start + time.toNanos())));
        for (Future<List<Long>> each : clients.invokeAll(tasks)) {
          nanos.addAll(each.get());
        }
      } catch (ExecutionException e) {
        throw new IOException("a client of " + name + " has failed: " + e.getCause(), e);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      Collections.sort(nanos);
      return new Sample(
          nanos.size() / seconds,
          nanos.get(nanos.size() / 2) / 1e3,
          nanos.get(nanos.size() * 99 / 100) / 1e3,
          (program.cpuMicros() - before) / nanos.size());
    }

    @Override
    public List<Program> programs() {
      return List.of(program);
    }
  }

  /**
   * Compares the throughput. A server without enough memory would exit, so all successful
   * operations show that the heap is large enough.
   */
  @Override
  public Verdict judge(Standings standings) {
    double ratio = standings.perSecond(OUT) / standings.perSecond(NGINX);
    return new Verdict(
        ratio >= LEAST,
        String.format(
            Locale.ROOT,
            "out %,.0f MB/s, %.2f × nginx (%,.0f MB/s); in and out concurrently %,.0f MB/s in"
                + " total, with at most %d MB resident",
            megabytes(standings, OUT),
            ratio,
            megabytes(standings, NGINX),
            megabytes(standings, BOTH),
            standings.peakBytes(BOTH) >> 20));
  }

  private static double megabytes(Standings standings, String name) {
    return standings.perSecond(name) * LargeValue.BYTES / 1e6;
  }
}
