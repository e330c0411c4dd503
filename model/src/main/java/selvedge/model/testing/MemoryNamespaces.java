package selvedge.model.testing;

import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Namespaces;
import selvedge.model.Profile;
import selvedge.model.Selvedge;
import selvedge.model.TitleTakenException;

/**
 * A fake of a store: namespaces in memory, for the tests of programs.
 *
 * <p>Safe for use by many threads. With a {@link SettableClock}, a test of an expiry does not wait.
 */
public final class MemoryNamespaces implements Namespaces {
  private final InstantSource clock;
  private final Limits limits;
  private final Map<NamespaceId, NamespaceInfo> infos = new HashMap<>();
  private final Map<NamespaceId, MemoryNamespace> contents = new HashMap<>();
  private long created;

  /**
   * Returns namespaces in memory by title, on the clock of the system. They end with the program.
   *
   * @return an empty account
   */
  public static Selvedge selvedge() {
    return selvedge(InstantSource.system());
  }

  /**
   * Returns namespaces in memory by title, on a clock such as a {@link SettableClock}.
   *
   * @param clock by which entries expire
   * @return an empty account
   */
  public static Selvedge selvedge(InstantSource clock) {
    return Selvedge.of(new MemoryNamespaces(clock));
  }

  /**
   * Creates an empty store with the limits of the profile {@link Profile#OPEN}.
   *
   * @param clock by which entries expire
   */
  public MemoryNamespaces(InstantSource clock) {
    this(clock, Limits.of(Profile.OPEN));
  }

  /**
   * Creates an empty store.
   *
   * @param clock by which entries expire
   * @param limits the limits of the store
   */
  public MemoryNamespaces(InstantSource clock, Limits limits) {
    this.clock = clock;
    this.limits = limits;
  }

  @Override
  public synchronized Optional<NamespaceInfo> find(NamespaceId id) {
    return Optional.ofNullable(infos.get(id));
  }

  @Override
  public Optional<NamespaceInfo> find(AccountId account, String title) {
    return list(account).stream().filter(info -> info.title().equals(title)).findFirst();
  }

  @Override
  public synchronized List<NamespaceInfo> list(AccountId account) {
    return infos.values().stream()
        .filter(info -> info.account().equals(account))
        .sorted(Comparator.comparing(info -> Bytes.utf8(info.title())))
        .toList();
  }

  @Override
  public synchronized List<AccountId> accounts() {
    return infos.values().stream().map(NamespaceInfo::account).distinct().sorted().toList();
  }

  @Override
  public synchronized NamespaceInfo create(AccountId account, String title, NamespaceMode mode) {
    requireTitle(account, title);
    if (list(account).size() >= limits.get(Limit.NAMESPACES_PER_ACCOUNT)) {
      throw new LimitExceededException(
          "an account must have at most "
              + limits.get(Limit.NAMESPACES_PER_ACCOUNT)
              + " namespaces");
    }
    created++;
    var id = new NamespaceId(String.format(Locale.ROOT, "%032x", created));
    var info = new NamespaceInfo(id, account, title, clock.instant(), mode);
    infos.put(id, info);
    contents.put(id, new MemoryNamespace(id, clock, limits));
    return info;
  }

  @Override
  public synchronized NamespaceInfo rename(NamespaceId id, String title) {
    NamespaceInfo before = require(id);
    if (before.title().equals(title)) {
      return before;
    }
    requireTitle(before.account(), title);
    var info = before.titled(title);
    infos.put(id, info);
    return info;
  }

  @Override
  public synchronized void delete(NamespaceId id) {
    require(id);
    infos.remove(id);
    MemoryNamespace content = contents.remove(id);
    if (content != null) {
      content.drop();
    }
  }

  /**
   * Returns an edge of these namespaces, which shows every change at once until a lag is set.
   *
   * @return a new edge
   */
  public MemoryEdge edge() {
    return new MemoryEdge(this, clock);
  }

  @Override
  public Namespace open(NamespaceId id) {
    return content(id);
  }

  synchronized MemoryNamespace content(NamespaceId id) {
    return Optional.ofNullable(contents.get(id))
        .orElseThrow(() -> new NamespaceNotFoundException("there is no namespace " + id));
  }

  private NamespaceInfo require(NamespaceId id) {
    return find(id)
        .orElseThrow(() -> new NamespaceNotFoundException("there is no namespace " + id));
  }

  private void requireTitle(AccountId account, String title) {
    limits.requireTitle(title);
    for (NamespaceInfo info : list(account)) {
      if (info.title().equals(title)) {
        throw new TitleTakenException(title, info.id());
      }
    }
  }
}
