package selvedge.server.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings of the log.
 *
 * @param format {@code text} or {@code json}
 * @param level the least level that is logged
 * @param access the share of the requests in the access log, from 0 to 1
 */
public record Logging(String format, String level, double access) {
  static final List<String> FORMATS = List.of("text", "json");
  static final List<String> LEVELS = List.of("debug", "info", "warn", "error");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?)%");
  private static final double WHOLE = 100;

  /** Returns the share of {@code off}, {@code all} or a percentage; empty for another text. */
  static Optional<Double> share(String text) {
    if (text.equals("off")) {
      return Optional.of(0.0);
    }
    if (text.equals("all")) {
      return Optional.of(1.0);
    }
    Matcher percent = PERCENT.matcher(text);
    return percent.matches()
        ? Optional.of(Double.parseDouble(percent.group(1)) / WHOLE).filter(share -> share <= 1)
        : Optional.empty();
  }
}
