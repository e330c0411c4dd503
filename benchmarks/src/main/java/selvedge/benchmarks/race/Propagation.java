package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long after its commit at the origin a change is in the store of an edge, under a steady load.
 *
 * <p>The edge measures it by the machine's clock, from the moment of the commit to that of its own:
 * the generator of the load is not on that way, though it takes its share of the processors.
 */
final class Propagation implements Contest {
  private static final String OURS = "Selvedge, origin to edge";
  private static final int PER_SECOND = 2000;
  private static final int AT_ONCE = 256;
  private static final double MOST_MILLIS = 10;

  @Override
  public int show() {
    return 7;
  }

  @Override
  public String work() {
    return "propagation to an edge under 2,000 writes a second";
  }

  @Override
  public String target() {
    return "p99 ≤ 10 ms";
  }

  @Override
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    Ours origin = Ours.start(field, field.fresh("origin"), List.of());
    Ours edge = Ours.edge(field, field.fresh("edge"), origin);
    return List.of(new Writing(origin, edge));
  }

  /** Writes at the origin and asks the edge. */
  private record Writing(Ours origin, Ours edge) implements Entrant {
    @Override
    public String name() {
      return OURS;
    }

    @Override
    public Sample run(Duration time) throws IOException, InterruptedException {
      double before = edge.program().cpuMicros();
      long start = System.nanoTime();
      long written = write(start, time);
      double seconds = (System.nanoTime() - start) / 1e9;
      double cpu = (edge.program().cpuMicros() - before) / written;
      String status = Answers.send("GET", edge.url() + "/v1/status", Ours.TOKEN, "");
      return new Sample(
          written / seconds, millis(status, "p50") * 1e3, millis(status, "p99") * 1e3, cpu);
    }

    private long write(long start, Duration time) throws IOException, InterruptedException {
      AtomicLong done = new AtomicLong();
      AtomicLong refused = new AtomicLong();
      Semaphore free = new Semaphore(AT_ONCE);
      try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        long all = time.toSeconds() * PER_SECOND;
        for (long i = 0; i < all; i++) {
          long due = start + i * (1_000_000_000L / PER_SECOND);
          long wait = due - System.nanoTime();
          if (wait > 0) {
            TimeUnit.NANOSECONDS.sleep(wait);
          }
          HttpRequest put =
              HttpRequest.newBuilder(URI.create(origin.rest() + "k" + i % 10_000))
                  .header("Authorization", "Bearer " + Ours.TOKEN)
                  .PUT(BodyPublishers.ofString("x".repeat(100)))
                  .build();
          free.acquire();
          http.sendAsync(put, BodyHandlers.discarding())
              .whenComplete(
                  (answer, failure) -> {
                    free.release();
                    boolean stored = failure == null && answer.statusCode() == 200;
                    (stored ? done : refused).incrementAndGet();
                  });
        }
      }
      if (refused.get() > 0) {
        throw new IOException(refused.get() + " writes were refused");
      }
      return done.get();
    }

    private static double millis(String status, String name) throws IOException {
      Matcher matcher = Pattern.compile("\"" + name + "_millis\":([\\d.]+)").matcher(status);
      if (!matcher.find()) {
        throw new IOException("the edge does not say its " + name + ": " + status);
      }
      return Double.parseDouble(matcher.group(1));
    }

    @Override
    public List<Program> programs() {
      return List.of(edge.program(), origin.program());
    }

    @Override
    public long peakBytes() throws IOException {
      return edge.program().peakBytes();
    }
  }

  @Override
  public Verdict judge(Standings standings) {
    double millis = standings.median(OURS, Sample::p99) / 1e3;
    return new Verdict(
        millis <= MOST_MILLIS,
        String.format(
            Locale.ROOT,
            "p99 %.1f ms at %,.0f writes a second",
            millis,
            standings.perSecond(OURS)));
  }
}
