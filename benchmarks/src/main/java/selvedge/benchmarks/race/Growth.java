package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an operation costs with few keys and with many: gets, puts and lists of a hundred keys. */
final class Growth implements Contest {
  private static final long FEW = 10_000;
  private static final int BYTES = 100;
  private static final int CONNECTIONS = 16;
  private static final double MOST = 1.3;
  private static final List<String> OPERATIONS = List.of("get", "put", "list");

  @Override
  public int show() {
    return 10;
  }

  @Override
  public String work() {
    return "growth: the cost of an operation with 10,000 keys and with many";
  }

  @Override
  public String target() {
    return "≤ 1.3 × (get, put, list), with 10,000,000 keys";
  }

  @Override
  public List<Entrant> entrants(Field field) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    for (boolean many : List.of(false, true)) {
      long keys = many ? field.keys() : FEW;
      Path data = field.fresh("growth");
      Ours ours = Ours.start(field, data, List.of());
      Filling.fill(ours, keys, BYTES, field.out());
      for (String operation : OPERATIONS) {
        Path script = data.resolve(operation + ".lua");
        Files.writeString(script, script(operation, ours, keys));
        entrants.add(
            new OverHttp(
                name(operation, many),
                List.of(ours.program()),
                new Wrk(ours.url(), CONNECTIONS, ours.headers(), script.toString())));
      }
    }
    return entrants;
  }

  private static String name(String operation, boolean many) {
    return "Selvedge, " + operation + (many ? ", many" : ", few");
  }

  /** Keys of chance; a list begins at one of them, by way of a prefix that a hundred keys share. */
  private static String script(String operation, Ours ours, long keys) {
    String path = ours.rest().substring(ours.url().length());
    String request =
        switch (operation) {
          case "get" -> "wrk.format(\"GET\", values .. string.format(\"%010d\", key()))";
          case "put" ->
              "wrk.format(\"PUT\", values .. string.format(\"%010d\", key()), nil, value)";
          default ->
              "wrk.format(\"GET\", keys .. \"?limit=100&prefix=\""
                  + " .. string.format(\"%08d\", math.floor(key() / 100)))";
        };
    return """
    math.randomseed(os.time())
    local values = "VALUES"
    local keys = "KEYS"
    local value = string.rep("x", SIZE)
    local function key() return math.random(0, COUNT - 1) end
    request = function() return REQUEST end
    """
        .replace("VALUES", path)
        .replace("KEYS", path.replaceAll("/values/$", "/keys"))
        .replace("SIZE", Integer.toString(BYTES))
        .replace("COUNT", Long.toString(keys))
        .replace("REQUEST", request);
  }

  @Override
  public Verdict judge(Standings standings) {
    List<String> ratios = new ArrayList<>();
    boolean met = true;
    for (String operation : OPERATIONS) {
      double ratio = standings.cpu(name(operation, true)) / standings.cpu(name(operation, false));
      met &= ratio <= MOST;
      ratios.add(String.format(Locale.ROOT, "%s %.2f ×", operation, ratio));
    }
    return new Verdict(met, "CPU: " + String.join(", ", ratios));
  }
}
