package selvedge.graphql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.AccountId;
import selvedge.model.NamespaceId;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.access.OpenCaller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Operation;
import selvedge.server.analytics.Stored;
import selvedge.server.api.graphql.QueryEngine.Question;

/** Queries as clients of the service write them, against sums of the operations themselves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the day is made up once
final class GraphqlEngineTest {
  private static final AccountId ACCOUNT = new AccountId("a".repeat(32));
  private static final Instant START = Instant.parse("2026-11-28T13:20:00Z");
  private static final int MINUTES = 24 * 60;
  private static final int STEP = 20;
  private static final List<Operation> OPERATIONS = List.of(Operation.values());
  private static final int[] STATUSES = {200, 404, 412};

  private final Random random = new Random(Long.getLong("seed", 5));
  private final SettableClock clock = new SettableClock(START);
  private final MemoryNamespaces namespaces = new MemoryNamespaces(clock);
  private final List<Done> operations = new ArrayList<>();
  private final List<NamespaceId> ids = new ArrayList<>();

  private @Nullable GraphqlEngine engine;

  /** One operation as it was made. */
  private record Done(
      Instant at, NamespaceId namespace, Operation operation, int status, long in, long out) {}

  @BeforeAll
  void makeUpADay(@TempDir Path data) {
    var numbers = new Analytics(data, 64 << 20, () -> 0, "fra", false, clock, random);
    engine = new GraphqlEngine(numbers, namespaces);
    for (String title : List.of("one", "two", "three")) {
      ids.add(namespaces.create(ACCOUNT, title).id());
    }
    for (int minute = 0; minute < MINUTES; minute += STEP) {
      for (int count = random.nextInt(30); count > 0; count--) {
        add(numbers);
      }
      if (minute % 60 == 0) {
        numbers.add(List.of(new Stored(ids.getFirst(), 1000 + minute, 10L * minute)));
      }
      clock.advance(Duration.ofMinutes(STEP));
      step(numbers);
    }
  }

  private void add(Analytics numbers) {
    var done =
        new Done(
            clock.instant(),
            ids.get(random.nextInt(ids.size())),
            OPERATIONS.get(random.nextInt(OPERATIONS.size())),
            STATUSES[random.nextInt(STATUSES.length)],
            random.nextInt(1000),
            random.nextInt(1000));
    operations.add(done);
    long nanos = 1_000_000L * (1 + random.nextInt(100));
    numbers.add(done.namespace, done.operation, done.status, nanos, done.in, done.out);
  }

  private static void step(Analytics numbers) {
    numbers.step();
    numbers.step();
  }

  private Map<String, Object> execute(String query, Map<String, Object> variables) {
    return Objects.requireNonNull(engine)
        .execute(new Question(query, "", new TreeMap<>(variables)), new OpenCaller(true), _ -> {});
  }

  /** Returns the groups of the only dataset of the only account. */
  @SuppressWarnings("unchecked")
  private List<Map<String, Object>> groups(String query, Map<String, Object> variables) {
    Map<String, Object> answer = execute(query, variables);
    assertThat(answer.get("errors")).isNull();
    Map<String, Object> viewer = map(map(answer.get("data")).get("viewer"));
    Map<String, Object> account =
        ((List<Map<String, Object>>) Objects.requireNonNull(viewer.get("accounts"))).getFirst();
    return (List<Map<String, Object>>) account.values().iterator().next();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(@Nullable Object value) {
    return (Map<String, Object>) Objects.requireNonNull(value);
  }

  private static Map<String, Long> numbers(
      List<Map<String, Object>> groups, String part, String field, String... dimensions) {
    Map<String, Long> numbers = new TreeMap<>();
    for (Map<String, Object> group : groups) {
      var name = new StringBuilder();
      for (String dimension : dimensions) {
        name.append(map(group.get("dimensions")).get(dimension)).append(' ');
      }
      numbers.put(
          name.toString().strip(),
          ((Number) Objects.requireNonNull(map(group.get(part)).get(field))).longValue());
    }
    return numbers;
  }

  private Map<String, Long> sums(
      Predicate<Done> select, Function<Done, String> name, Function<Done, Long> number) {
    Map<String, Long> sums = new TreeMap<>();
    operations.stream()
        .filter(select)
        .forEach(done -> sums.merge(name.apply(done), number.apply(done), Long::sum));
    return sums;
  }

  private static long bytes(Done done) {
    return switch (done.operation) {
      case READ, LIST -> done.out;
      case WRITE -> done.in;
      case DELETE -> 0;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {"string!", "String!"})
  void operationsByDateAndType(String type) {
    List<Map<String, Object>> groups =
        groups(
            """
            query KvOperationsSample(
              $accountTag: %s, $namespaceId: string, $start: Date, $end: Date) {
              viewer {
                accounts(filter: { accountTag: $accountTag }) {
                  kvOperationsAdaptiveGroups(
                    filter: { namespaceId: $namespaceId, date_geq: $start, date_leq: $end }
                    limit: 10000
                    orderBy: [date_DESC]
                  ) {
                    sum { requests objectBytes }
                    dimensions { date actionType }
                  }
                }
              }
            }
            """
                .formatted(type),
            Map.of(
                "accountTag",
                ACCOUNT.hex(),
                "namespaceId",
                ids.getFirst().hex(),
                "start",
                "2026-11-28",
                "end",
                "2026-11-29"));

    Predicate<Done> first = done -> done.namespace.equals(ids.getFirst());
    Function<Done, String> name =
        done -> done.at.toString().substring(0, 10) + " " + done.operation.id();
    assertThat(numbers(groups, "sum", "requests", "date", "actionType"))
        .isEqualTo(sums(first, name, _ -> 1L));
    assertThat(numbers(groups, "sum", "objectBytes", "date", "actionType"))
        .isEqualTo(sums(first, name, GraphqlEngineTest::bytes));
    assertThat(map(groups.getFirst().get("dimensions"))).containsEntry("date", "2026-11-29");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AccountKvOperationsAdaptiveGroupsFilter_InputObject!",
        "AccountKVOperationsAdaptiveGroupsFilter_InputObject",
        "KvOperationsAdaptiveGroupsFilter_InputObject!"
      })
  void theFilterIsAVariable(String type) {
    Instant from = START.plus(Duration.ofHours(5));
    Instant to = START.plus(Duration.ofHours(9));
    List<Map<String, Object>> groups =
        groups(
            "query($a: String!, $f: "
                + type
                + ") { viewer { accounts(filter: {accountTag: $a}) {"
                + " ops: kvOperationsAdaptiveGroups(limit: 10000, filter: $f,"
                + " orderBy: [datetimeHour_ASC, sum_requests_DESC]) {"
                + " count sum { requests } dimensions { datetimeHour namespaceId } } } } }",
            Map.of(
                "a",
                ACCOUNT.hex(),
                "f",
                Map.of(
                    "AND",
                    List.of(
                        Map.of("datetime_geq", from.toString(), "datetime_lt", to.toString()),
                        Map.of("actionType_in", List.of("read", "list")),
                        Map.of("responseStatusCode_lt", 400)))));

    assertThat(numbers(groups, "sum", "requests", "datetimeHour", "namespaceId"))
        .isEqualTo(
            sums(
                done ->
                    !done.at.isBefore(from)
                        && done.at.isBefore(to)
                        && (done.operation == Operation.READ || done.operation == Operation.LIST)
                        && done.status < 400,
                done -> done.at.truncatedTo(ChronoUnit.HOURS) + " " + done.namespace,
                _ -> 1L));
  }

  @Test
  void quantilesAndStatusesOfTheDay() {
    List<Map<String, Object>> groups =
        groups(
            """
            query { viewer { accounts(filter: { accountTag: "%s" }) {
              kvOperationsAdaptiveGroups(limit: 10000, filter: {actionType: "read"}) {
                count
                quantiles { latencyMsP25 latencyMsP50 latencyMsP75 latencyMsP99 latencyMsP999 }
                dimensions { responseStatusCode coloCode }
              } } } }
            """
                .formatted(ACCOUNT.hex()),
            Map.of());

    assertThat(groups).hasSize(STATUSES.length);
    for (Map<String, Object> group : groups) {
      assertThat((Double) map(group.get("quantiles")).get("latencyMsP50")).isBetween(35.0, 65.0);
      assertThat(map(group.get("dimensions"))).containsEntry("coloCode", "fra");
    }
  }

  @Test
  void storageByDate() {
    List<Map<String, Object>> groups =
        groups(
            """
            query Viewer($accountTag: string!, $namespaceId: string, $start: Date, $end: Date) {
              viewer { accounts(filter: { accountTag: $accountTag }) {
                kvStorageAdaptiveGroups(
                  filter: { date_geq: $start, date_leq: $end, namespaceId: $namespaceId }
                  limit: 10000 orderBy: [date_DESC]) {
                  max { keyCount byteCount } dimensions { date }
                } } }
            }
            """,
            Map.of(
                "accountTag",
                ACCOUNT.hex(),
                "namespaceId",
                ids.getFirst().hex(),
                "start",
                "2026-11-01",
                "end",
                "2026-11-30"));

    assertThat(numbers(groups, "max", "keyCount", "date"))
        .isEqualTo(Map.of("2026-11-28", 1000L + 600, "2026-11-29", 1000L + 1380));
  }

  @Test
  void theSchemaDescribesItself() {
    Map<String, Object> answer =
        execute(
            "{ __type(name: \"AccountKvOperationsAdaptiveGroupsSum\") { name fields { name } } }",
            Map.of());
    assertThat(answer.toString()).contains("requests", "objectBytes");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ viewer { accounts { kvOperationsAdaptiveGroups(limit: 10001) { count } } } }",
        "{ viewer { accounts { kvOperationsAdaptiveGroups(filter: {date: \"x\"}) { count } } } }",
        "{ viewer { accounts { nothing } } }",
        "{ viewer { accounts(filter: {accountTag: \"x\"}) { accountTag } } }",
        "{ viewer"
      })
  void aWrongQueryIsAnsweredWithTheReason(String query) {
    assertThat(execute(query, Map.of()).get("errors"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .isNotEmpty();
  }

  @Test
  void aQueryIsBounded() {
    var many = new StringBuilder("{ viewer { accounts { ");
    for (int alias = 0; alias < 11; alias++) {
      many.append("a%d: kvOperationsAdaptiveGroups(limit: 1) { count } ".formatted(alias));
    }
    assertThat(execute(many + "} } }", Map.of()).toString()).contains("at most 10 datasets");
    String types = "{ type ".repeat(30) + "{ name }" + " }".repeat(30);
    String deep = "{ __type(name: \"Account\") { fields { type { ofType " + types + " } } } }";
    assertThat(execute(deep, Map.of())).doesNotContainKey("data");
  }
}
