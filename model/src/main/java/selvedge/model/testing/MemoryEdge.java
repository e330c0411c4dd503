package selvedge.model.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.Namespaces;
import selvedge.model.OverloadedException;

/**
 * A fake of an edge: namespaces in memory that show changes with a delay, and that can lose their
 * origin.
 *
 * <p>Safe for use by many threads. A test advances the clock, sets the lag and cuts the connection,
 * so it sees the effects of eventual consistency without waiting.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="fake"}
 */
public final class MemoryEdge implements Namespaces {
  private final MemoryNamespaces origin;
  private final Map<NamespaceId, MemoryEdgeNamespace> opened = new ConcurrentHashMap<>();
  private final Line line;

  /** The connection to the origin. */
  static final class Line {
    private final InstantSource clock;
    private volatile Duration lag = Duration.ZERO;
    private volatile Optional<Instant> cutAt = Optional.empty();

    Line(InstantSource clock) {
      this.clock = clock;
    }

    Instant now() {
      return clock.instant();
    }

    /** Returns whether a change of that time has arrived. */
    boolean hasBrought(Instant at) {
      Instant until = cutAt.orElseGet(clock::instant);
      return !at.plus(lag).isAfter(until);
    }

    Duration age() {
      return cutAt.map(at -> lag.plus(Duration.between(at, clock.instant()))).orElse(lag);
    }

    void requireOpen() {
      if (cutAt.isPresent()) {
        throw new OverloadedException("the origin cannot be reached; only reads are possible here");
      }
    }
  }

  MemoryEdge(MemoryNamespaces origin, InstantSource clock) {
    this.origin = origin;
    this.line = new Line(clock);
  }

  /**
   * Sets the delay after which the edge shows a change.
   *
   * @param lag the delay, by the clock of the fake
   * @throws InvalidRequestException if it is negative
   */
  public void setLag(Duration lag) {
    if (lag.isNegative()) {
      throw new InvalidRequestException("a lag must not be negative, got " + lag);
    }
    line.lag = lag;
  }

  /**
   * Cuts the connection to the origin: no further changes arrive, and writes throw an {@link
   * OverloadedException}.
   */
  public void cut() {
    line.cutAt = Optional.of(line.now());
  }

  /** Restores the connection: the changes made meanwhile arrive with the lag. */
  public void mend() {
    line.cutAt = Optional.empty();
  }

  @Override
  public Namespace open(NamespaceId id) {
    MemoryNamespace content = origin.content(id);
    return opened.computeIfAbsent(id, same -> new MemoryEdgeNamespace(content, line));
  }

  @Override
  public Optional<NamespaceInfo> find(NamespaceId id) {
    return origin.find(id);
  }

  @Override
  public Optional<NamespaceInfo> find(AccountId account, String title) {
    return origin.find(account, title);
  }

  @Override
  public List<NamespaceInfo> list(AccountId account) {
    return origin.list(account);
  }

  @Override
  public List<AccountId> accounts() {
    return origin.accounts();
  }

  @Override
  public NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    line.requireOpen();
    return origin.create(account, title, mode);
  }

  @Override
  public NamespaceInfo rename(NamespaceId id, String title) {
    line.requireOpen();
    return origin.rename(id, title);
  }

  @Override
  public void delete(NamespaceId id) {
    line.requireOpen();
    origin.delete(id);
  }
}
