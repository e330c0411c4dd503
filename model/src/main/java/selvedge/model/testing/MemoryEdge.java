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
 * Namespaces in memory as an edge shows them: some time later, and without their origin if need be.
 *
 * <p>Safe for use by many threads. Tests move the clock, set the lag and cut the line, and see what
 * eventual consistency does to their code.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="fake"}
 */
public final class MemoryEdge implements Namespaces {
  private final MemoryNamespaces origin;
  private final Map<NamespaceId, MemoryEdgeNamespace> opened = new ConcurrentHashMap<>();
  private final Line line;

  /** The way to the origin. */
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

    /** Whether a change that was made then is known here. */
    boolean hasBrought(Instant at) {
      Instant until = cutAt.orElseGet(clock::instant);
      return !at.plus(lag).isAfter(until);
    }

    Duration age() {
      return cutAt.map(at -> lag.plus(Duration.between(at, clock.instant()))).orElse(lag);
    }

    void requireOpen() {
      if (cutAt.isPresent()) {
        throw new OverloadedException("the origin cannot be reached; reads go on here");
      }
    }
  }

  MemoryEdge(MemoryNamespaces origin, InstantSource clock) {
    this.origin = origin;
    this.line = new Line(clock);
  }

  /** How much later than at the origin a change is seen here. */
  public void setLag(Duration lag) {
    if (lag.isNegative()) {
      throw new InvalidRequestException("a lag is not negative: " + lag);
    }
    line.lag = lag;
  }

  /** From now on nothing comes from the origin, and nothing can be asked of it. */
  public void cut() {
    line.cutAt = Optional.of(line.now());
  }

  /** What has happened meanwhile arrives, as late as the lag says. */
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
