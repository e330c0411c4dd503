package selvedge.engine.summary;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.engine.store.IndexView;
import selvedge.engine.store.row.KeySpace;
import selvedge.model.Bytes;
import selvedge.model.Listed;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * The exact counts of a namespace as of one version and one moment, and its entries by position.
 *
 * <p>Belongs to one thread, which must close it.
 */
public final class Summary implements AutoCloseable {
  private static final long UNGROUPED_KEYS_MAX = 100_000;

  private final NamespaceId namespace;
  private final SharedView shared;
  private final IndexView view;
  private final Counts counts;
  private final Instant at;

  /** The caller has entered the view, which {@link #close} leaves. */
  Summary(NamespaceId namespace, SummaryState state, Counts counts) {
    this.namespace = namespace;
    this.shared = state.shared();
    this.view = shared.view();
    this.counts = counts;
    this.at = state.at();
  }

  /** Returns the version of which the counts are. */
  public Version version() {
    return view.version();
  }

  /** Returns the moment at which expiries are judged. */
  public Instant at() {
    return at;
  }

  /** Returns the key behind all keys with a prefix. */
  public static Bytes endOf(Bytes prefix) {
    return prefix.plus(KeySpace.AFTER_ANY_KEY);
  }

  /** Returns the amount of the entries with a prefix. */
  public Amount below(Bytes prefix) {
    return before(endOf(prefix)).minus(before(prefix));
  }

  /** Returns the amount of the entries before a key. */
  public Amount before(Bytes key) {
    int range = counts.indexOf(key);
    Amount amount = counts.before(range);
    long keys = 0;
    long bytes = 0;
    try (IndexView.Rows rows = view.rows(namespace, counts.start(range), key)) {
      while (rows.next()) {
        if (!rows.expiry().hasPassed(at)) {
          keys++;
          bytes += rows.key().size() + rows.valueBytes();
        }
      }
    }
    return amount.plus(new Amount(keys, bytes));
  }

  /** Finds the group of a key. */
  public interface Grouping {

    /** Returns the prefix that all keys of the group have; empty for a key without a group. */
    Optional<Bytes> group(Bytes key);
  }

  /** The keys from a start on and before an end. */
  public record Span(Bytes start, Bytes end) {

    /** Returns a key, or the start if the key is before it. */
    public Bytes later(Bytes key) {
      return key.compareTo(start) > 0 ? key : start;
    }
  }

  /** The keys with a prefix. */
  public record Group(Bytes prefix, Amount amount) {}

  /**
   * A page of groups.
   *
   * @param keys the number of keys without a group
   * @param next where the next page starts; empty after the last one
   */
  public record Groups(List<Group> groups, long keys, Optional<Bytes> next) {}

  /**
   * Returns a page of the groups of keys. It ends early after many keys without a group.
   *
   * @param keys the keys that are counted
   * @param from the key at whose group the page starts
   */
  public Groups groups(Span keys, Bytes from, Grouping grouping, int limit) {
    List<Group> groups = new ArrayList<>();
    Bytes end = keys.end();
    Bytes start = keys.later(grouping.group(from).orElse(from));
    Amount reached = before(start);
    long ungrouped = 0;
    while (true) {
      Run run = run(start, end, grouping, UNGROUPED_KEYS_MAX - ungrouped);
      ungrouped += run.amount().keys();
      if (run.group().isEmpty() || groups.size() == limit) {
        Optional<Bytes> next = run.group().isPresent() ? run.group() : run.next();
        return new Groups(groups, ungrouped, next);
      }
      Bytes group = run.group().get();
      Bytes last = endOf(group);
      Amount before = reached.plus(run.amount());
      reached = before(last.compareTo(end) < 0 ? last : end);
      groups.add(new Group(group, reached.minus(before)));
      start = last;
    }
  }

  /**
   * Keys without a group.
   *
   * @param group the group behind them; empty if there is none
   * @param next the key behind them, if there are too many
   */
  private record Run(Amount amount, Optional<Bytes> group, Optional<Bytes> next) {}

  private Run run(Bytes from, Bytes end, Grouping grouping, long keysMax) {
    Amount amount = Amount.NONE;
    try (IndexView.Rows rows = view.rows(namespace, from, end)) {
      while (rows.next()) {
        if (rows.expiry().hasPassed(at)) {
          continue;
        }
        Bytes key = rows.key();
        Optional<Bytes> group = grouping.group(key);
        if (group.isPresent()) {
          return new Run(amount, group, Optional.empty());
        }
        if (amount.keys() >= keysMax) {
          return new Run(amount, Optional.empty(), Optional.of(key));
        }
        amount = amount.plus(Amount.of(rows, at));
      }
    }
    return new Run(amount, Optional.empty(), Optional.empty());
  }

  /**
   * Returns entries in the order of their keys.
   *
   * @param position the number of entries of the namespace before the first one
   * @param end the first key that is not returned
   */
  public List<Listed> at(long position, Bytes end, int limit) {
    int range = counts.indexOf(position);
    return page(counts.start(range), end, position - counts.before(range).keys(), limit);
  }

  /** Returns entries from a key on and before an end. */
  public List<Listed> from(Bytes key, Bytes end, int limit) {
    return page(key, end, 0, limit);
  }

  private List<Listed> page(Bytes from, Bytes end, long skipped, int limit) {
    List<Listed> page = new ArrayList<>();
    long left = skipped;
    try (IndexView.Rows rows = view.rows(namespace, from, end)) {
      while (page.size() < limit && rows.next()) {
        if (rows.expiry().hasPassed(at)) {
          continue;
        }
        if (left > 0) {
          left--;
        } else {
          page.add(rows.listed());
        }
      }
    }
    return page;
  }

  @Override
  public void close() {
    shared.leave();
  }
}
