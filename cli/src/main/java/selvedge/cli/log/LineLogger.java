package selvedge.cli.log;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** Writes each event as one line: {@code key=value} pairs or a JSON object. */
final class LineLogger extends LegacyAbstractLogger {
  private final transient Level minimum;
  private final boolean json;
  private final transient InstantSource clock;
  private final transient PrintStream out;
  private final transient Repetitions repetitions = new Repetitions();

  LineLogger(String name, Level minimum, boolean json, InstantSource clock, PrintStream out) {
    this.name = name;
    this.minimum = minimum;
    this.json = json;
    this.clock = clock;
    this.out = out;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String pattern,
      Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    Instant now = clock.instant();
    OptionalInt leftOut =
        level.toInt() >= Level.WARN.toInt() ? repetitions.count(pattern, now) : OptionalInt.of(0);
    if (leftOut.isEmpty()) {
      return;
    }
    String repeated =
        leftOut.getAsInt() == 0 ? "" : " (and " + leftOut.getAsInt() + " more before it)";
    String message = MessageFormatter.basicArrayFormat(pattern, arguments) + repeated;
    String time = now.toString();
    String word = level.name().toLowerCase(Locale.ROOT);
    String trace = failure == null ? "" : trace(failure);
    out.println(
        json
            ? "{\"time\":\""
                + time
                + "\",\"level\":\""
                + word
                + "\",\"logger\":\""
                + name
                + "\",\"message\":"
                + quoted(message)
                + (trace.isEmpty() ? "" : ",\"trace\":" + quoted(trace))
                + "}"
            : "time="
                + time
                + " level="
                + word
                + " logger="
                + name
                + " message="
                + quoted(message)
                + (trace.isEmpty() ? "" : " trace=" + quoted(trace)));
  }

  private static String trace(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Returns the text as a JSON string, so that line breaks in it do not split an event. */
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ') {
            quoted.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  private boolean isOn(Level level) {
    return level.toInt() >= minimum.toInt();
  }

  @Override
  public boolean isTraceEnabled() {
    return isOn(Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return isOn(Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return isOn(Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return isOn(Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return isOn(Level.ERROR);
  }
}
