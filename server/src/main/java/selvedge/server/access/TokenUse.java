package selvedge.server.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.Worker;

/**
 * When each token was last used at this server, to about a minute. It is collected from the gate,
 * so that no request pays for it, and kept in a file. One thread steps it; any thread may read.
 */
public final class TokenUse implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(TokenUse.class);
  private static final String NAME = "token-use";
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final TokenGate gate;
  private final Tokens tokens;
  private final Path file;
  private final InstantSource clock;
  private final Map<String, Instant> last = new ConcurrentHashMap<>();

  /**
   * @param data the data directory
   */
  public TokenUse(TokenGate gate, Tokens tokens, Path data, InstantSource clock) {
    this.gate = gate;
    this.tokens = tokens;
    this.file = data.resolve(NAME);
    this.clock = clock;
    read();
  }

  /** Returns the tokens whose use this is. */
  public Tokens tokens() {
    return tokens;
  }

  /** Returns when the token was last used, if it was; what was not collected yet counts. */
  public Optional<Instant> last(String id) {
    collect();
    return Optional.ofNullable(last.get(id));
  }

  private void collect() {
    Set<String> used = gate.takeUsed();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    used.forEach(id -> last.put(id, now));
  }

  @Override
  public Duration step() {
    collect();
    store();
    return INTERVAL;
  }

  /** Writes the file; a failure is logged, because nothing depends on it. */
  public void store() {
    Set<String> there = tokens.list().stream().map(Token::id).collect(Collectors.toSet());
    last.keySet().retainAll(there);
    String lines =
        last.entrySet().stream()
            .map(each -> each.getKey() + " " + each.getValue() + "\n")
            .sorted()
            .collect(Collectors.joining());
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.writeString(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("the last uses of tokens cannot be stored in {}", file, e);
    }
  }

  private void read() {
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.split(" ", 2);
          last.put(words[0], Instant.parse(words[words.length - 1]));
        }
      }
    } catch (IOException | DateTimeException e) {
      LOG.warn("{} cannot be read: last uses of tokens begin anew", file, e);
    }
  }
}
