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
import selvedge.engine.files.FileFailures;
import selvedge.engine.work.Worker;

/**
 * Stores the time of the last use of each token at this server and at the edges behind it, with a
 * precision of about a minute. A worker collects the uses from the gate and writes a file, so that
 * requests do no work for it. One thread calls {@link #step}; any thread may read.
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

  /** The uses that the origin of this edge knows. */
  private final Map<String, Instant> reported = new ConcurrentHashMap<>();

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

  /** Returns the tokens whose uses are stored. */
  public Tokens tokens() {
    return tokens;
  }

  /**
   * Returns the time of the last use, including uses that were not collected yet; empty if there is
   * none.
   */
  public Optional<Instant> last(String id) {
    collect();
    return Optional.ofNullable(last.get(id));
  }

  private void collect() {
    Set<String> used = gate.takeUsed();
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    used.forEach(id -> use(id, now));
  }

  private void use(String id, Instant moment) {
    last.merge(id, moment, (one, other) -> one.isAfter(other) ? one : other);
  }

  /**
   * Adds uses at edges. A moment after now counts as now, because the clock of an edge may lead.
   */
  public void addReported(Map<String, Instant> uses) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    uses.forEach((id, moment) -> use(id, moment.isAfter(now) ? now : moment));
  }

  /** Returns uses that the origin of this edge does not know yet, to about a minute. */
  public Map<String, Instant> unreported(int count) {
    collect();
    return last.entrySet().stream()
        .filter(use -> isNews(use.getKey(), use.getValue()))
        .limit(count)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private boolean isNews(String id, Instant moment) {
    Instant known = reported.get(id);
    return known == null || !moment.isBefore(known.plus(INTERVAL));
  }

  /** Records that the origin knows these uses. */
  public void reported(Map<String, Instant> uses) {
    reported.putAll(uses);
  }

  @Override
  public Duration step() {
    collect();
    store();
    return INTERVAL;
  }

  /** Writes the file. A failure is logged and not thrown, because no other part depends on it. */
  public void store() {
    Set<String> ids = tokens.list().stream().map(Token::id).collect(Collectors.toSet());
    last.keySet().retainAll(ids);
    reported.keySet().retainAll(ids);
    String lines =
        last.entrySet().stream()
            .map(use -> use.getKey() + " " + use.getValue() + "\n")
            .sorted()
            .collect(Collectors.joining());
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.writeString(next, lines);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.warn("cannot store the last uses of tokens in {}: {}", file, FileFailures.reason(e));
    }
  }

  private void read() {
    try {
      if (Files.exists(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.split(" ", 2);
          use(words[0], Instant.parse(words[words.length - 1]));
        }
      }
    } catch (IOException | DateTimeException e) {
      LOG.warn("cannot read {}; the last uses of tokens are lost", file, e);
    }
  }
}
