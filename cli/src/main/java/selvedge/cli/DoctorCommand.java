package selvedge.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import selvedge.server.metrics.AlertRule;

/** {@code selvedge doctor}. */
@Command(
    name = "doctor",
    description = "Check a server by the rules of docs/monitoring/alerts.yml.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge doctor --data /var/lib/selvedge",
      "  selvedge doctor https://kv.example:5820 --token-file token",
      "",
      "Each finding names the page with the steps. Exit status: 0 if there is none, 1 otherwise."
    })
final class DoctorCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private ServerOption server = new ServerOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  DoctorCommand() {}

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, Double> series = series(server.remote().text("/metrics"));
    int findings = 0;
    for (AlertRule rule : AlertRule.values()) {
      for (Map.Entry<String, Double> each : series.entrySet()) {
        if (isOf(each.getKey(), rule.series()) && rule.isMetBy(each.getValue())) {
          findings++;
          out.println(
              rule.severity().label()
                  + ": "
                  + rule.summary()
                  + " ("
                  + each.getKey()
                  + " is "
                  + each.getValue()
                  + "); see docs/how-to/"
                  + rule.page());
        }
      }
    }
    out.println(findings == 0 ? "no finding" : findings + " findings");
    out.flush();
    return findings == 0 ? 0 : 1;
  }

  /** Returns whether a series is the one of the rule, or one of several with more labels. */
  private static boolean isOf(String series, String wanted) {
    return series.equals(wanted) || series.startsWith(wanted + "{");
  }

  /** Reads lines such as {@code name{label="value"} 1.0}. */
  private static Map<String, Double> series(String metrics) {
    Map<String, Double> series = new LinkedHashMap<>();
    metrics
        .lines()
        .filter(line -> !line.startsWith("#") && line.indexOf(' ') > 0)
        .forEach(
            line -> {
              int space = line.lastIndexOf(' ');
              series.put(line.substring(0, space), Double.parseDouble(line.substring(space + 1)));
            });
    return series;
  }
}
