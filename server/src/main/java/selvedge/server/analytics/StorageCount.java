package selvedge.server.analytics;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import selvedge.engine.summary.Amount;
import selvedge.engine.summary.Summaries;
import selvedge.engine.summary.Summary;
import selvedge.engine.work.Worker;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Namespaces;

/**
 * Records how much each namespace of an origin stores: every hour, and every minute while it is
 * being looked at and changes. One thread steps it.
 */
public final class StorageCount implements Worker {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  private final Namespaces namespaces;
  private final Summaries summaries;
  private final Analytics analytics;
  private final InstantSource clock;

  /** The namespaces that are still to be counted in this hour. */
  private final Deque<NamespaceId> due = new ArrayDeque<>();

  private final Map<NamespaceId, Amount> last = new HashMap<>();
  private long hour;
  private boolean started;

  public StorageCount(
      Namespaces namespaces, Summaries summaries, Analytics analytics, InstantSource clock) {
    this.namespaces = namespaces;
    this.summaries = summaries;
    this.analytics = analytics;
    this.clock = clock;
  }

  @Override
  public Duration step() {
    if (!analytics.isEnabled() || !started) {
      started = true;
      return INTERVAL;
    }
    long now = clock.instant().truncatedTo(ChronoUnit.HOURS).getEpochSecond();
    if (now != hour) {
      hour = now;
      due.clear();
      due.addAll(ids());
    }
    if (due.isEmpty()) {
      addChanged();
      return INTERVAL;
    }
    countNext();
    return SOON;
  }

  private List<NamespaceId> ids() {
    List<NamespaceId> ids = new ArrayList<>();
    for (AccountId account : namespaces.accounts()) {
      namespaces.list(account).stream().map(NamespaceInfo::id).forEach(ids::add);
    }
    return ids;
  }

  /** Records the next namespaces up to one that is being counted. */
  private void countNext() {
    List<Stored> amounts = new ArrayList<>();
    for (NamespaceId id = due.peek(); id != null; id = due.peek()) {
      @Nullable Amount amount = count(id);
      if (amount == null) {
        break;
      }
      due.remove();
      last.put(id, amount);
      amounts.add(new Stored(id, amount.keys(), amount.bytes()));
    }
    analytics.add(amounts);
  }

  private @Nullable Amount count(NamespaceId id) {
    if (namespaces.find(id).isEmpty()) {
      return Amount.NONE;
    }
    return switch (summaries.openBriefly(id)) {
      case Summaries.Found.Counting _ -> null;
      case Summaries.Found.Ready(Summary opened) -> {
        try (Summary summary = opened) {
          yield summary.below(Bytes.EMPTY);
        }
      }
    };
  }

  private void addChanged() {
    List<Stored> amounts = new ArrayList<>();
    List<NamespaceId> ids = ids();
    Set<NamespaceId> deleted = new HashSet<>(last.keySet());
    ids.forEach(deleted::remove);
    for (NamespaceId id : deleted) {
      last.remove(id);
      amounts.add(new Stored(id, 0, 0));
    }
    for (NamespaceId id : ids) {
      Optional<Amount> amount = summaries.peek(id);
      if (amount.isPresent() && !amount.get().equals(last.put(id, amount.get()))) {
        amounts.add(new Stored(id, amount.get().keys(), amount.get().bytes()));
      }
    }
    analytics.add(amounts);
  }
}
