package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Three voters, whose leader receives puts from wrk. Belongs to one thread. */
final class ThreeVoters implements Entrant {
  private static final List<String> NAMES = List.of("a", "b", "c");

  /** As in the other contests, many connections warm up the JVMs in each case. */
  private static final int MANY = 64;

  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private final String name;
  private final List<SelvedgeServer> voters;
  private final SelvedgeServer leader;
  private final Wrk load;
  private final List<Double> leaderCpu = new ArrayList<>();
  private final List<Double> followerCpu = new ArrayList<>();

  private ThreeVoters(String name, List<SelvedgeServer> voters, SelvedgeServer leader, Wrk load) {
    this.name = name;
    this.voters = voters;
    this.leader = leader;
    this.load = load;
  }

  static ThreeVoters start(Environment environment, String name, int connections, int bytes)
      throws IOException, InterruptedException {
    List<String> cluster = new ArrayList<>();
    for (String voter : NAMES) {
      cluster.add(voter + "=127.0.0.1:" + Ports.free());
    }
    List<SelvedgeServer.Starting> starting = new ArrayList<>();
    for (String voter : NAMES) {
      List<String> options = List.of("--node", voter, "--cluster", String.join(",", cluster));
      starting.add(
          SelvedgeServer.begin(environment, environment.newFolder(voter), Ports.free(), options));
    }
    List<ServedValue> serving = new ArrayList<>();
    for (SelvedgeServer.Starting each : starting) {
      serving.add(each.await());
    }
    ServedValue leading = leader(serving);
    String namespace = SelvedgeServer.namespace(leading.url());
    List<SelvedgeServer> voters =
        serving.stream()
            .map(
                each ->
                    new SelvedgeServer(
                        each.program(), each.url(), SelvedgeServer.ACCOUNT, namespace))
            .toList();
    SelvedgeServer leader = voters.get(serving.indexOf(leading));
    Path scripts = environment.newFolder("scripts");
    String script = Puts.script(scripts, leader.restPath(), bytes);
    new Wrk(leader.url(), MANY, leader.headers(), script).run(WARM_UP);
    return new ThreeVoters(
        name, voters, leader, new Wrk(leader.url(), connections, leader.headers(), script));
  }

  private static ServedValue leader(List<ServedValue> voters)
      throws IOException, InterruptedException {
    IOException last = new IOException("no voter leads");
    for (int i = 0; i < 500; i++) {
      for (ServedValue voter : voters) {
        try {
          HttpRequests.send("GET", voter.url() + "/leaderz", "", "");
          return voter;
        } catch (IOException e) {
          last = e;
        }
      }
      Thread.sleep(20);
    }
    throw last;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Sample run(Duration time) throws IOException, InterruptedException {
    double leaderBefore = leader.program().cpuMicros();
    double before = cpuMicros();
    Wrk.Counted counted = load.run(time);
    double atLeader = (leader.program().cpuMicros() - leaderBefore) / counted.requests();
    double cpu = (cpuMicros() - before) / counted.requests();
    leaderCpu.add(atLeader);
    followerCpu.add((cpu - atLeader) / 2);
    return new Sample(counted.perSecond(), counted.median(), counted.p99(), cpu);
  }

  /** Returns the CPU time of a put at the leader and at each other voter. */
  String shares() {
    return String.format(
        Locale.ROOT,
        "CPU per put %s at the leader and %s at each other voter",
        Report.micros(median(leaderCpu)),
        Report.micros(median(followerCpu)));
  }

  private static double median(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
  }

  @Override
  public List<Program> programs() {
    return voters.stream().map(SelvedgeServer::program).toList();
  }
}
