package selvedge.graphql;

import graphql.schema.DataFetchingEnvironment;
import graphql.schema.SelectedField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Dimension;
import selvedge.server.analytics.Group;
import selvedge.server.analytics.Row;
import selvedge.server.analytics.Selection;
import selvedge.server.analytics.Total;
import selvedge.server.analytics.Visibility;

/** Computes the groups of the datasets for a caller. Safe for use by many threads. */
final class AccountFetcher {
  private static final long LIMIT = 10_000;

  /** Each dataset reads the files once. */
  private static final int DATASETS_MAX = 10;

  private static final long SPAN_SECONDS = 32L * 86_400;
  private static final String DESCENDING = "_DESC";

  private final Analytics analytics;
  private final Namespaces namespaces;

  /**
   * The sender of a query.
   *
   * @param visible the namespaces whose numbers it may see
   * @param datasets the number of the datasets that the query has requested so far
   * @param growth holds memory for the groups
   */
  record Viewer(
      Caller caller, Visibility visible, AtomicInteger datasets, Selection.Growth growth) {}

  AccountFetcher(Analytics analytics, Namespaces namespaces) {
    this.analytics = analytics;
    this.namespaces = namespaces;
  }

  /** Returns the accounts that the filter of a query names, or all. */
  List<Map<String, Object>> accounts(DataFetchingEnvironment environment) {
    Caller caller = viewer(environment).caller();
    Map<String, Object> filter = environment.getArgumentOrDefault("filter", Map.of());
    List<String> named = new ArrayList<>();
    if (filter.get("accountTag") instanceof String tag) {
      named.add(tag);
    }
    if (filter.get("accountTag_in") instanceof List<?> tags) {
      tags.forEach(tag -> named.add(String.valueOf(tag)));
    }
    List<AccountId> accounts =
        named.isEmpty()
            ? caller.account().map(List::of).orElseGet(namespaces::accounts)
            : named.stream().map(AccountFetcher::account).toList();
    for (AccountId account : accounts) {
      if (!caller.hasRightIn(account)) {
        throw new InvalidRequestException("not authorized for that account");
      }
    }
    return accounts.stream()
        .map(account -> Map.<String, Object>of("account", account, "accountTag", account.hex()))
        .toList();
  }

  private static AccountId account(String tag) {
    if (!AccountId.isWellFormed(tag)) {
      throw new InvalidRequestException(
          "accountTag must be 32 lower-case hex characters, got \"" + tag + "\"");
    }
    return new AccountId(tag);
  }

  private static Viewer viewer(DataFetchingEnvironment environment) {
    Viewer viewer = environment.getGraphQlContext().get(Viewer.class);
    if (viewer == null) {
      throw new IllegalStateException("the query has no sender");
    }
    return viewer;
  }

  /** The dimensions by which the groups of a query differ, and the seconds of their times. */
  private record Grouping(Set<Dimension> by, long step) {
    static Grouping of(DataFetchingEnvironment environment) {
      List<GroupField> fields = new ArrayList<>();
      for (SelectedField each : environment.getSelectionSet().getFields("dimensions/*")) {
        GroupField.of(each.getName()).ifPresent(fields::add);
      }
      for (String order : orders(environment)) {
        GroupField.of(name(order)).ifPresent(fields::add);
      }
      Set<Dimension> by = EnumSet.noneOf(Dimension.class);
      fields.forEach(field -> by.add(field.dimension()));
      long step =
          fields.stream()
              .filter(GroupField::isTime)
              .mapToLong(GroupField::step)
              .min()
              .orElse(GroupField.DATE.step());
      return new Grouping(by, step);
    }
  }

  private static List<String> orders(DataFetchingEnvironment environment) {
    return environment.getArgumentOrDefault("orderBy", List.of());
  }

  /** Returns the name of the field in an order such as {@code date_DESC}. */
  private static String name(String order) {
    return order.substring(0, order.lastIndexOf('_'));
  }

  /** Returns the largest number of groups, and refuses a query that requests too much. */
  private static int limit(DataFetchingEnvironment environment) {
    if (viewer(environment).datasets().incrementAndGet() > DATASETS_MAX) {
      throw new InvalidRequestException(
          "a query may request at most " + DATASETS_MAX + " datasets: send several queries");
    }
    long limit = environment.getArgumentOrDefault("limit", LIMIT);
    if (limit < 1 || limit > LIMIT) {
      throw new InvalidRequestException("limit must be from 1 to " + LIMIT + ", got " + limit);
    }
    return (int) limit;
  }

  private Filter filter(DataFetchingEnvironment environment) {
    long now = analytics.now();
    return Filter.of(
        environment.getArgumentOrDefault("filter", Map.of()), now - SPAN_SECONDS, now + 1);
  }

  private static boolean isVisible(DataFetchingEnvironment environment, NamespaceId id) {
    Map<String, Object> account = environment.getSource();
    return account != null
        && account.get("account") instanceof AccountId owner
        && viewer(environment).visible().includes(id, owner);
  }

  /** A group as the query sees it: the numbers by the names that they have in an order. */
  private record Result(Group group, Map<String, Long> numbers, Map<String, Object> members) {}

  List<Map<String, Object>> operations(DataFetchingEnvironment environment) {
    int limit = limit(environment);
    Filter filter = filter(environment);
    if (filter.from() >= filter.to()) {
      return List.of();
    }
    Grouping grouping = Grouping.of(environment);
    var selection =
        new Selection(
            filter.from(),
            filter.to(),
            grouping.step(),
            (time, row) -> filter.test(time, row) && isVisible(environment, row.namespace()));
    List<Result> results = new ArrayList<>();
    selection
        .totals(analytics, grouping.by(), viewer(environment).growth())
        .forEach((group, total) -> results.add(result(group, total)));
    return sorted(environment, results, Dataset.OPERATIONS, limit);
  }

  private static Result result(Group group, Total total) {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put("count", total.requests());
    members.put("sum", Map.of("requests", total.requests(), "objectBytes", total.objectBytes()));
    members.put("avg", Map.of("sampleInterval", 1.0));
    members.put(
        "quantiles",
        Map.of(
            "latencyMsP25", total.millis(0.25),
            "latencyMsP50", total.millis(0.5),
            "latencyMsP75", total.millis(0.75),
            "latencyMsP90", total.millis(0.9),
            "latencyMsP99", total.millis(0.99),
            "latencyMsP999", total.millis(0.999)));
    return new Result(
        group,
        Map.of(
            "count", total.requests(),
            "sum_requests", total.requests(),
            "sum_objectBytes", total.objectBytes()),
        members);
  }

  /** The largest amounts of a group. */
  private record Most(long count, long keys, long bytes) {
    Most plus(Most other) {
      return new Most(
          count + other.count, Math.max(keys, other.keys), Math.max(bytes, other.bytes));
    }
  }

  List<Map<String, Object>> storage(DataFetchingEnvironment environment) {
    int limit = limit(environment);
    Filter filter = filter(environment);
    if (filter.from() >= filter.to()) {
      return List.of();
    }
    Grouping grouping = Grouping.of(environment);
    var selection = new Selection(filter.from(), filter.to(), grouping.step(), (_, _) -> false);
    Map<Group, Most> groups = new TreeMap<>();
    for (Selection.Sample sample :
        selection.samples(
            analytics,
            each -> isVisible(environment, each.namespace()),
            viewer(environment).growth())) {
      Row row = sample.row();
      if (filter.test(sample.time(), row)) {
        long time = sample.time() - Math.floorMod(sample.time(), grouping.step());
        groups.merge(
            Group.of(row, time, grouping.by()),
            new Most(1, sample.stored().keys(), sample.stored().bytes()),
            Most::plus);
      }
    }
    List<Result> results = new ArrayList<>();
    groups.forEach(
        (group, most) ->
            results.add(
                new Result(
                    group,
                    Map.of("max_keyCount", most.keys(), "max_byteCount", most.bytes()),
                    Map.of(
                        "count",
                        most.count(),
                        "max",
                        Map.of("keyCount", most.keys(), "byteCount", most.bytes())))));
    return sorted(environment, results, Dataset.STORAGE, limit);
  }

  private static List<Map<String, Object>> sorted(
      DataFetchingEnvironment environment, List<Result> results, Dataset dataset, int limit) {
    orders(environment).stream()
        .map(AccountFetcher::order)
        .reduce(Comparator::thenComparing)
        .ifPresent(results::sort);
    return results.stream()
        .limit(limit)
        .map(
            result -> {
              Map<String, Object> members = new LinkedHashMap<>(result.members());
              Map<String, Object> dimensions = new LinkedHashMap<>();
              dataset
                  .dimensions()
                  .forEach(field -> dimensions.put(field.id(), field.value(result.group())));
              members.put("dimensions", dimensions);
              return members;
            })
        .toList();
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // values of one field are of one type
  private static Comparator<Result> order(String order) {
    Optional<GroupField> field = GroupField.of(name(order));
    Comparator<Result> ascending =
        field.isPresent()
            ? Comparator.comparing(result -> (Comparable) field.get().value(result.group()))
            : Comparator.comparingLong(result -> result.numbers().getOrDefault(name(order), 0L));
    return order.endsWith(DESCENDING) ? ascending.reversed() : ascending;
  }
}
