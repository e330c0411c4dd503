package selvedge.benchmarks.race;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * HTTP load from wrk with one thread.
 *
 * @param script the script of wrk; empty to repeat a GET of the URL
 */
record Wrk(String url, int connections, List<String> headers, String script) {
  private static final Pattern DONE = Pattern.compile("(\\d+) requests in ([\\d.]+)(m?s|m)");
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern BAD = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  /**
   * The result of a run.
   *
   * @param requests the total number of requests
   */
  record Counted(long requests, double perSecond, double median, double p99) {}

  Counted run(Duration time) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("wrk", "-t1", "-c" + connections, "-d" + time.toSeconds() + "s"));
    command.add("--latency");
    headers.forEach(header -> command.addAll(List.of("-H", header)));
    if (!script.isEmpty()) {
      command.addAll(List.of("-s", script));
    }
    command.add(url);
    String output = Program.run(command);
    Matcher bad = BAD.matcher(output);
    if (bad.find()) {
      throw new IOException(url + " has refused " + bad.group(1) + " requests: " + output);
    }
    return new Counted(
        (long) number(DONE, output),
        number(RATE, output),
        percentile(output, "50%"),
        percentile(output, "99%"));
  }

  private static double number(Pattern pattern, String output) throws IOException {
    Matcher matcher = pattern.matcher(output);
    if (!matcher.find()) {
      throw new IOException("the output of wrk has no " + pattern + ": " + output);
    }
    return Double.parseDouble(matcher.group(1));
  }

  private static double percentile(String output, String name) throws IOException {
    Matcher matcher = Pattern.compile(name + "\\s+([\\d.]+)(us|ms|s)").matcher(output);
    if (!matcher.find()) {
      throw new IOException("the output of wrk has no " + name + ": " + output);
    }
    double unit =
        switch (matcher.group(2)) {
          case "us" -> 1;
          case "ms" -> 1e3;
          default -> 1e6;
        };
    return Double.parseDouble(matcher.group(1)) * unit;
  }
}
