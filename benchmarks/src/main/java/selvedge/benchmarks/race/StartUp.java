package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The time from the command to the first success of {@code /readyz}, with a million keys on disk.
 */
final class StartUp implements Contest {
  private static final String OURS = "Selvedge, start";
  private static final double MOST_SECONDS = 0.7;
  private static final long MOST_BYTES = 150L << 20;
  private static final int IDLE_SECONDS = 10;

  @Override
  public int show() {
    return 8;
  }

  @Override
  public String work() {
    return "start to /readyz with 1,000,000 keys on disk; memory when idle";
  }

  @Override
  public String target() {
    return "≤ 0.7 s; ≤ 150 MB resident";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    Path data = environment.newFolder("start");
    try (SelvedgeServer server = SelvedgeServer.start(environment, data, List.of())) {
      EntryLoader.fill(server, 1_000_000, 100, environment.out());
    }
    return List.of(new Starting(environment, data));
  }

  /** Starts a server, measures the time, and stops it. The memory is measured while it is idle. */
  private static final class Starting implements Entrant {
    private final Environment environment;
    private final Path data;
    private long resident;

    Starting(Environment environment, Path data) {
      this.environment = environment;
      this.data = data;
    }

    @Override
    public String name() {
      return OURS;
    }

    @Override
    public Sample run(Duration time) throws IOException, InterruptedException {
      int port = Ports.free();
      long start = System.nanoTime();
      try (Program program =
          Program.start(
              data.resolve("again"),
              java.util.Map.of("JAVA_HOME", System.getProperty("java.home")),
              List.of(
                  environment.root().resolve("selvedge").toString(),
                  "serve",
                  "--listen",
                  "127.0.0.1:" + port,
                  "--data",
                  data.resolve("data").toString(),
                  "--root-token",
                  SelvedgeServer.TOKEN))) {
        HttpRequests.await("http://127.0.0.1:" + port + "/readyz");
        double micros = (System.nanoTime() - start) / 1e3;
        double cpu = program.cpuMicros();
        TimeUnit.SECONDS.sleep(IDLE_SECONDS);
        resident = Math.max(resident, program.residentBytes());
        return new Sample(1e6 / micros, micros, micros, cpu);
      }
    }

    @Override
    public List<Program> programs() {
      return List.of();
    }

    @Override
    public long peakBytes() {
      return resident;
    }
  }

  @Override
  public Verdict judge(Standings standings) {
    double seconds = standings.median(OURS, Sample::median) / 1e6;
    long bytes = standings.peakBytes(OURS);
    return new Verdict(
        seconds <= MOST_SECONDS && bytes <= MOST_BYTES,
        String.format(Locale.ROOT, "%.2f s; %d MB", seconds, bytes >> 20));
  }
}
