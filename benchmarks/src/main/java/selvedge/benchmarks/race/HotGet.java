package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** A value of 1 KiB that is in memory, over HTTP, with authentication on our side. */
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
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    String value = "x".repeat(BYTES);
    Ours rest = Ours.start(field, field.fresh("rest"), List.of());
    rest.put("k", value);
    Ours binding = Ours.start(field, field.fresh("binding"), List.of());
    binding.put("k", value);
    Redis redis =
        Redis.start(field, REDIS, CONNECTIONS, List.of("--appendonly", "no"), List.of("GET", "k"));
    redis.cli("SET", "k", value);
    return List.of(
        over(REST, rest, rest.rest() + "k"),
        over(BINDING, binding, binding.binding() + "k?urlencoded=true"),
        Contestants.nginx(field, value.getBytes(StandardCharsets.US_ASCII))
            .asked(NGINX, CONNECTIONS),
        redis,
        Contestants.netty(field, new byte[BYTES]).asked("bare Netty", CONNECTIONS));
  }

  private static OverHttp over(String name, Ours ours, String url) {
    return new OverHttp(
        name, List.of(ours.program()), new Wrk(url, CONNECTIONS, ours.headers(), ""));
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
            "CPU %.2f × Redis, %.2f × nginx; throughput %.2f × (the slower of our protocols)",
            toRedis,
            toNginx,
            toBetter));
  }
}
