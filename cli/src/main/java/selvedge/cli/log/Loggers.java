package selvedge.cli.log;

import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/** The loggers by name. Libraries log warnings and errors only. */
final class Loggers implements ILoggerFactory {
  private final ConcurrentHashMap<String, Logger> loggers = new ConcurrentHashMap<>();
  private final Level level = level(System.getProperty("selvedge.log.level", "info"));
  private final boolean json = System.getProperty("selvedge.log.format", "text").equals("json");

  @Override
  public Logger getLogger(String name) {
    Level minimum = name.startsWith("selvedge.") ? level : Level.WARN;
    return loggers.computeIfAbsent(
        name,
        loggerName ->
            new LineLogger(loggerName, minimum, json, InstantSource.system(), System.err));
  }

  private static Level level(String word) {
    return Level.valueOf(word.toUpperCase(Locale.ROOT));
  }
}
