package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Reads of a Java program through a client library, compared with Lettuce on Redis. */
final class ProgramReads implements Contest {
  private static final String CLIENT = "Selvedge, client over HTTP";
  private static final String LETTUCE = "Lettuce on Redis";
  private static final String SPRING = "Spring on Selvedge";
  private static final String SPRING_REDIS = "Spring on Redis";
  private static final double MOST = 2;

  private final Kind kind;
  private final int connections;

  private enum Kind {
    GET,
    CACHEABLE
  }

  private ProgramReads(Kind kind, int connections) {
    this.kind = kind;
    this.connections = connections;
  }

  static ProgramReads get(int connections) {
    return new ProgramReads(Kind.GET, connections);
  }

  static ProgramReads cacheable() {
    return new ProgramReads(Kind.CACHEABLE, 1);
  }

  private String ours() {
    return kind == Kind.GET ? CLIENT : SPRING;
  }

  private String theirs() {
    return kind == Kind.GET ? LETTUCE : SPRING_REDIS;
  }

  @Override
  public int show() {
    return 11;
  }

  @Override
  public String work() {
    return kind == Kind.GET
        ? "Java program: get of 1 KiB, "
            + connections
            + (connections == 1 ? " connection" : " connections")
        : "Java program: hit of Spring's @Cacheable of 1 KiB, 1 thread";
  }

  @Override
  public String target() {
    return "CPU of the program and p99 ≤ 2 × " + theirs();
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    SelvedgeServer server =
        SelvedgeServer.start(environment, environment.newFolder("server"), List.of());
    Redis redis =
        Redis.start(environment, theirs(), 1, List.of("--appendonly", "no"), List.of("GET", "k"));
    return List.of(
        ProgramEntrant.start(
            environment,
            kind == Kind.GET ? ProgramLoad.Work.SELVEDGE : ProgramLoad.Work.SPRING_ON_SELVEDGE,
            ours(),
            new ProgramEntrant.Store(URI.create(server.url()), server),
            connections),
        ProgramEntrant.start(
            environment,
            kind == Kind.GET ? ProgramLoad.Work.LETTUCE : ProgramLoad.Work.SPRING_ON_REDIS,
            theirs(),
            new ProgramEntrant.Store(redis.uri(), redis),
            connections));
  }

  @Override
  public Verdict judge(Standings standings) {
    double cpu = standings.cpu(ours()) / standings.cpu(theirs());
    double p50 = ratio(standings, Sample::median);
    double p99 = ratio(standings, Sample::p99);
    return new Verdict(
        cpu <= MOST && p99 <= MOST,
        String.format(
            Locale.ROOT, "CPU %.2f ×, p50 %.2f ×, p99 %.2f × %s", cpu, p50, p99, theirs()));
  }

  private double ratio(Standings standings, ToDoubleFunction<Sample> figure) {
    return standings.median(ours(), figure) / standings.median(theirs(), figure);
  }
}
