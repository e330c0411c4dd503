package selvedge.benchmarks.race;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;

/**
 * A page of a thousand keys with their metadata: the first page, and one after nine tenths of all
 * keys.
 *
 * <p>The cursor of the far page comes from the page before it, which is requested with {@code
 * start_after}. For uncached pages, each request starts after another missing key, so that no page
 * is in memory.
 */
final class LongList implements Contest {
  private static final int KEYS = 1000;
  private static final int CONNECTIONS = 16;
  private static final double MOST = 1.5;
  private static final double ALIKE = 1.15;
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]+)\"");
  private static final String FIRST = "Selvedge, first page";
  private static final String FIRST_ALONE = "RocksDB alone, first page";
  private static final String FLOOR = "bare Netty, as many bytes";
  private final ManyKeys many;
  private final boolean isUncached;

  LongList(ManyKeys many, boolean isUncached) {
    this.many = many;
    this.isUncached = isUncached;
  }

  /** Returns the number of the far page, counted from one; of 10,000,000 keys it is 9,000. */
  private long page() {
    return Math.max(2, many.keys() / KEYS * 9 / 10);
  }

  private String far() {
    return String.format(Locale.ROOT, "Selvedge, page %,d", page());
  }

  private String farAlone() {
    return String.format(Locale.ROOT, "RocksDB alone, page %,d", page());
  }

  @Override
  public int show() {
    return 5;
  }

  @Override
  public String work() {
    return String.format(
        Locale.ROOT,
        "list of 1,000 keys with metadata, of %,d, %s",
        many.keys(),
        isUncached ? "a different page each time" : "the same page repeatedly");
  }

  @Override
  public String target() {
    return "CPU ≤ 1.5 × a RocksDB iterator alone, and a prepared answer by bare Netty; the first"
        + " page and a far one within 1.15 ×";
  }

  @Override
  public List<Entrant> entrants(Environment environment) throws IOException, InterruptedException {
    SelvedgeServer server = SelvedgeServer.on(environment, many, List.of());
    String first = server.keys() + "?limit=" + KEYS;
    long from = (page() - 1) * KEYS;
    String far = first + "&cursor=" + cursor(first, from);
    String answer = HttpRequests.send("GET", far, SelvedgeServer.TOKEN, "");
    if (!answer.contains(ManyKeys.name(from)) || answer.contains(ManyKeys.name(from - 1))) {
      throw new IOException("page " + page() + " must begin with key " + from);
    }
    long cache = Limits.of(Profile.OPEN).get(Limit.BLOCK_CACHE_BYTES);
    return List.of(
        over(FIRST, server, first, isUncached ? script(environment, server, "-") : ""),
        over(
            far(),
            server,
            far,
            isUncached ? script(environment, server, ManyKeys.name(from - 1) + "-") : ""),
        Rocks.pages(environment, FIRST_ALONE, many, cache, 0),
        Rocks.pages(environment, farAlone(), many, cache, from),
        Contestants.netty(environment, answer.getBytes(StandardCharsets.UTF_8))
            .measuredBy(FLOOR, CONNECTIONS));
  }

  /** Returns the cursor of the page before the one that begins with the key. */
  private static String cursor(String first, long from) throws IOException, InterruptedException {
    String url = first;
    if (from > KEYS) {
      url += "&start_after=" + ManyKeys.name(from - KEYS - 1);
    }
    Matcher cursor = CURSOR.matcher(HttpRequests.send("GET", url, SelvedgeServer.TOKEN, ""));
    if (!cursor.find()) {
      throw new IOException("no page after that of " + url);
    }
    return URLEncoder.encode(cursor.group(1), StandardCharsets.UTF_8);
  }

  /** Returns a script that lists after missing keys, all of which come after the same key. */
  private static String script(Environment environment, SelvedgeServer server, String after)
      throws IOException {
    Path script = environment.newFolder("list").resolve("list.lua");
    Files.writeString(
        script,
        """
        math.randomseed(os.time())
        local turn = 1000 * math.random(1000000)
        request = function()
          turn = turn + 1
          return wrk.format("GET", "KEYS?limit=1000&start_after=AFTER" .. turn)
        end
        """
            .replace("KEYS", server.keysPath())
            .replace("AFTER", after));
    return script.toString();
  }

  private static HttpEntrant over(String name, SelvedgeServer server, String url, String script) {
    return new HttpEntrant(
        name, List.of(server.program()), new Wrk(url, CONNECTIONS, server.headers(), script));
  }

  @Override
  public Verdict judge(Standings standings) {
    double first = standings.cpu(FIRST);
    double far = standings.cpu(far());
    double floor = standings.cpu(FLOOR);
    double firstMost = MOST * standings.cpu(FIRST_ALONE) + floor;
    double farMost = MOST * standings.cpu(farAlone()) + floor;
    double apart = Math.max(first, far) / Math.min(first, far);
    return new Verdict(
        first <= firstMost && far <= farMost && apart <= ALIKE,
        String.format(
            Locale.ROOT,
            "CPU %.0f µs of at most %.0f µs, far page %.0f of %.0f µs (without the part of Netty"
                + " %.2f × and %.2f × RocksDB); far page %.2f × the first",
            first,
            firstMost,
            far,
            farMost,
            (first - floor) / standings.cpu(FIRST_ALONE),
            (far - floor) / standings.cpu(farAlone()),
            far / first));
  }
}
