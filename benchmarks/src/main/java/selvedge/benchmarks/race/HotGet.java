package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Gets of a value of 1 KiB in memory over HTTP. Only Selvedge checks authentication. */
final class HotGet implements Contest {
  private static final int BYTES = 1024;
  private static final int CONNECTIONS = 64;
  private static final String REST = "Selvedge, REST";
  private static final String BINDING = "Selvedge, binding";
  private static final String NGINX = "nginx, static file";
  private static final String REDIS = "Redis GET";

  @Override
  public int show() {
    return 1;
  }

  @Override
  public String work() {
    return "hot GET of 1 KiB, 64 connections";
  }

  @Override
  public String target() {
    return "CPU ≤ 1.0 × Redis and ≤ 0.6 × nginx; throughput ≥ 1.0 × the better of the two";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    String value = "x".repeat(BYTES);
    SelvedgeServer rest =
        SelvedgeServer.start(environment, environment.newFolder("rest"), List.of());
    rest.put("k", value);
    SelvedgeServer binding =
        SelvedgeServer.start(environment, environment.newFolder("binding"), List.of());
    binding.put("k", value);
    Redis redis =
        Redis.start(
            environment, REDIS, CONNECTIONS, List.of("--appendonly", "no"), List.of("GET", "k"));
    redis.cli("SET", "k", value);
    return List.of(
        over(REST, rest, rest.rest() + "k"),
        over(BINDING, binding, binding.binding() + "k?urlencoded=true"),
        Contestants.nginx(environment, value.getBytes(StandardCharsets.US_ASCII))
            .measuredBy(NGINX, CONNECTIONS),
        redis,
        Contestants.netty(environment, new byte[BYTES]).measuredBy("bare Netty", CONNECTIONS));
  }

  private static HttpEntrant over(String name, SelvedgeServer server, String url) {
    return new HttpEntrant(
        name, List.of(server.program()), new Wrk(url, CONNECTIONS, server.headers(), ""));
  }

  @Override
  public Verdict judge(Standings standings) {
    double cpu = Math.max(standings.cpu(REST), standings.cpu(BINDING));
    double rate = Math.min(standings.perSecond(REST), standings.perSecond(BINDING));
    double toRedis = cpu / standings.cpu(REDIS);
    double toNginx = cpu / standings.cpu(NGINX);
    double toBetter = rate / Math.max(standings.perSecond(REDIS), standings.perSecond(NGINX));
    return new Verdict(
        toRedis <= 1.0 && toNginx <= 0.6 && toBetter >= 1.0,
        String.format(
            Locale.ROOT,
            "CPU %.2f × Redis, %.2f × nginx; throughput %.2f × (the slower of both protocols)",
            toRedis,
            toNginx,
            toBetter));
  }
}
