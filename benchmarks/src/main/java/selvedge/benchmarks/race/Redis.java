package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Redis, measured with redis-benchmark. Belongs to one thread. */
final class Redis implements Entrant {
  private static final Pattern READY = Pattern.compile("(Ready to accept connections)");
  private static final int REQUESTS_FIRST = 50_000;

  private final String name;
  private final Program program;
  private final int port;
  private final int connections;
  private final List<String> measuredCommand;
  private long requests = REQUESTS_FIRST;

  private Redis(
      String name, Program program, int port, int connections, List<String> measuredCommand) {
    this.name = name;
    this.program = program;
    this.port = port;
    this.connections = connections;
    this.measuredCommand = measuredCommand;
  }

  /**
   * @param options options of the server
   * @param measuredCommand the command that is sent
   */
  static Redis start(
      Environment environment,
      String name,
      int connections,
      List<String> options,
      List<String> measuredCommand)
      throws IOException, InterruptedException {
    int port = Ports.free();
    Path data = environment.newFolder("redis");
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(environment.require("redis-server").toString(), "--bind", "127.0.0.1", "--port"));
    command.addAll(List.of(Integer.toString(port), "--save", "", "--dir", data.toString()));
    command.addAll(options);
    Program program = Program.start(data.resolve("log"), Map.of(), command);
    program.awaitOutput(READY);
    return new Redis(name, program, port, connections, measuredCommand);
  }

  void cli(String... words) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
    command.addAll(List.of(words));
    Program.run(command);
  }

  @Override
  public String name() {
    return name;
  }

  /**
   * Measures for about the given time. redis-benchmark has an option for the number of requests
   * only, which is computed from the last rate.
   */
  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("redis-benchmark", "-p", Integer.toString(port), "--csv", "-c"));
    command.addAll(List.of(Integer.toString(connections), "-n", Long.toString(requests)));
    command.addAll(List.of("-r", "100000000"));
    command.addAll(measuredCommand);
    double before = cpuMicros();
    String[] lines = Program.run(command).strip().split("\n", -1);
    double cpu = (cpuMicros() - before) / requests;
    // "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95…","p99…","max…"
    String[] fields = lines[lines.length - 1].replace("\"", "").split(",", -1);
    double perSecond = Double.parseDouble(fields[fields.length - 7]);
    double median = Double.parseDouble(fields[fields.length - 4]) * 1000;
    double p99 = Double.parseDouble(fields[fields.length - 2]) * 1000;
    requests = Math.max(1000, (long) (perSecond * time.toSeconds()));
    return new Sample(perSecond, median, p99, cpu);
  }

  URI uri() {
    return URI.create("redis://127.0.0.1:" + port);
  }

  @Override
  public List<Program> programs() {
    return List.of(program);
  }
}
