package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.engine.encryption.MasterKeys;

/** The command {@code benchmarks/race}. */
@Command(
    name = "race",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Compares Selvedge with other programs on this machine and writes a report.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  benchmarks/race                       all contests, report in target/race",
      "  benchmarks/race --only 1,2 --rounds 3",
      "  benchmarks/race --only 1,2 --encryption",
      "  benchmarks/race --output docs/reference",
      "  benchmarks/race --only 11 --output docs/reference",
      "                                        replaces the figures of one contest there",
      "",
      "Requires wrk, nginx and redis-server: apt-get install wrk nginx-light redis-server",
      "Contest 12 also compares with etcd, if it is installed: apt-get install etcd-server"
    })
final class Race implements Callable<Integer> {
  /** The warm-up is longer than a turn, because the JVM compiles while it runs. */
  private static final int WARM_UP_TURNS = 3;

  /** The contests on one prepared store, which is not encrypted. */
  private static final Set<Integer> MANY_KEYS = Set.of(4, 5, 10);

  @Option(names = "--only", split = ",", description = "The numbers of the contests to run.")
  private List<Integer> only = List.of();

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "The number of rounds; default ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description =
          "The length of a turn; default ${DEFAULT-VALUE}. The warm-up is three times as long.")
  private int seconds;

  @Option(
      names = "--keys",
      defaultValue = "10000000",
      description = "The number of keys in contests with many keys; default ${DEFAULT-VALUE}.")
  private long keys;

  @Option(
      names = "--encryption",
      description =
          "Encrypt the data of each Selvedge server under a new master key. Contests with many"
              + " keys are left out.")
  private boolean encryption;

  @Option(
      names = "--output",
      description = "The folder for benchmarks.md and its charts; default target/race.")
  private Path output = Path.of("");

  private final List<String> failed = new ArrayList<>();
  private final PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Race()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path root = Path.of(System.getProperty("race.root", "."));
    Path folder = Files.createTempDirectory("selvedge-race");
    Map<String, String> variables =
        encryption ? Map.of(MasterKeys.VARIABLE, AesMasterKey.generate()) : Map.of();
    Environment environment = new Environment(root, folder, out, variables);
    for (String program : List.of("wrk", "nginx", "redis-server", "redis-benchmark")) {
      environment.require(program);
    }
    List<Report.Result> results = new ArrayList<>();
    try {
      for (Contest contest : contests(new ManyKeys(folder, keys, out))) {
        if (runs(contest.show())) {
          runIfPossible(contest, environment).ifPresent(results::add);
        }
      }
    } finally {
      delete(folder);
    }
    Path to = output.toString().isEmpty() ? root.resolve("target/race") : output;
    new Report(
            Machine.describe(environment),
            command(),
            LocalDate.now(ZoneOffset.UTC),
            results,
            failed)
        .write(to, only.isEmpty());
    out.println("written to " + to.resolve("benchmarks.md"));
    return failed.isEmpty() ? 0 : 1;
  }

  private boolean runs(int contest) {
    return (only.isEmpty() || only.contains(contest))
        && !(encryption && MANY_KEYS.contains(contest));
  }

  private static List<Contest> contests(ManyKeys many) {
    return List.of(
        new HotGet(),
        new DurablePut(64),
        new DurablePut(1),
        BenchmarkContest.embeddedGet(),
        new ColdGet(many),
        new LongList(many, false),
        new LongList(many, true),
        new WorkerContest(WorkerContest.Work.GET),
        new WorkerContest(WorkerContest.Work.GETS),
        new WorkerContest(WorkerContest.Work.GET_MANY),
        new WorkerContest(WorkerContest.Work.PUT),
        new Propagation(),
        new StartUp(),
        new LargeStreams(),
        new Growth(many),
        ProgramReads.get(1),
        ProgramReads.get(64),
        BenchmarkContest.nearCache(),
        BenchmarkContest.cachePattern(),
        ProgramReads.cacheable(),
        new QuorumPut(64),
        new QuorumPut(1));
  }

  private String command() {
    StringBuilder command = new StringBuilder("benchmarks/race");
    command.append(" --rounds ").append(rounds).append(" --seconds ").append(seconds);
    command.append(" --keys ").append(keys);
    if (!only.isEmpty()) {
      command
          .append(" --only ")
          .append(String.join(",", only.stream().map(String::valueOf).toList()));
    }
    if (encryption) {
      command.append(" --encryption");
    }
    return command.toString();
  }

  /** Runs all contests. One that fails does not prevent the others. */
  private Optional<Report.Result> runIfPossible(Contest contest, Environment environment)
      throws InterruptedException {
    try {
      return Optional.of(run(contest, environment));
    } catch (IOException e) {
      out.println();
      out.println("    failed: " + e.getMessage());
      failed.add(contest.show() + ", " + contest.work() + ": " + e.getMessage());
      return Optional.empty();
    }
  }

  private Report.Result run(Contest contest, Environment environment)
      throws IOException, InterruptedException {
    out.println(contest.show() + ": " + contest.work());
    Environment own = environment.inNewFolder("contest");
    List<Entrant> entrants = contest.entrants(own);
    Standings standings;
    try {
      standings = measure(entrants);
    } finally {
      entrants.forEach(Entrant::close);
    }
    delete(own.folder());
    Contest.Verdict verdict = contest.judge(standings);
    Report.table(standings).forEach(line -> out.println("    " + line));
    out.println("    target: " + contest.target());
    out.println("    " + (verdict.met() ? "met: " : "not met: ") + verdict.measured());
    return new Report.Result(contest, standings, verdict);
  }

  /**
   * Measures the entrants: first a warm-up round of long turns, then rounds in which each takes its
   * turn.
   */
  private Standings measure(List<Entrant> entrants) throws IOException, InterruptedException {
    Map<String, List<Sample>> samples = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Entrant entrant : entrants) {
        out.printf("\r    round %d of %d: %-30s", round, rounds, entrant.name());
        out.flush();
        long turn = round == 0 ? WARM_UP_TURNS * (long) seconds : seconds;
        Sample sample = entrant.run(Duration.ofSeconds(turn));
        if (round > 0) {
          samples.computeIfAbsent(entrant.name(), _ -> new ArrayList<>()).add(sample);
        }
      }
    }
    out.printf("\r%60s\r", "");
    Standings standings = new Standings();
    for (Entrant entrant : entrants) {
      standings.add(
          entrant.name(), samples.getOrDefault(entrant.name(), List.of()), entrant.peakBytes());
    }
    return standings;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
