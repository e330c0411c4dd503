package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.engine.namespace.OutcomeUnknownException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.server.api.Answer;
import selvedge.server.api.BrokenStream;
import selvedge.server.api.TestRequest;
import selvedge.server.quota.OverQuotaException;
import selvedge.server.quota.Quota;

/** Failures of the engine, quotas, and requests without a route. */
final class FailuresTest {
  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private Answer put(SelvedgeException failure) {
    return rest.over(spool, new FailingNamespaces(rest.memory, failure)).put(rest.value("k"), "1");
  }

  @Test
  void aFullDiskIsInsufficientStorage() {
    Answer answer = put(new StorageFullException("the disk is full: delete something"));

    answer.fails(507, 10001, "put: 'the disk is full: delete something'");
    assertThat(answer.response().reason()).isEqualTo("Insufficient Storage");
  }

  @Test
  void aFullQueueIs503WithRetryAfter() {
    Answer answer =
        put(new OverloadedException("8192 writes wait"))
            .fails(503, 10001, "put: '8192 writes wait'");

    assertThat(answer.header("Retry-After")).contains("1");
  }

  /** A client repeats what is answered with the header, and the write may have been made. */
  @Test
  void anUnknownOutcomeIs502WithoutRetryAfter() {
    Answer answer =
        put(new OutcomeUnknownException("the leader was lost"))
            .fails(502, 10001, "put: 'the leader was lost'");

    assertThat(answer.header("Retry-After")).isEmpty();
  }

  @Test
  void damageIsReportedWithoutTheFile() {
    put(new StoreDamagedException("/data/000042.sst is damaged"))
        .fails(500, 10001, "put: 'the store is damaged; see its log'");
  }

  @Test
  void aNamespaceThatIsDeletedMeanwhileIsNotFound() {
    put(new NamespaceNotFoundException("gone")).fails(404, 10013, "put: 'namespace not found'");
  }

  @Test
  void aWriteTooSoonAfterTheLastIsTooManyRequests() {
    Answer answer =
        put(OverQuotaException.until(
                Limit.KEY_WRITES_PER_SECOND, Duration.ofMillis(300), "too soon"))
            .fails(429, 10022, "put: 'too soon'");

    assertThat(answer.header("Retry-After")).contains("1");
    assertThat(answer.response().reason()).isEqualTo("Too Many Requests");
  }

  @Test
  void aFullAccountHasNoRetryAfter() {
    Answer answer =
        put(OverQuotaException.full(Limit.STORAGE_BYTES, "1 GB is used"))
            .fails(429, 10048, "put: '1 GB is used'");

    assertThat(answer.header("Retry-After")).isEmpty();
  }

  @Test
  void eachOperationSpendsItsQuota() {
    var allowance = new SmallAllowance(10);
    RestFixture counted = rest.allowed(spool, allowance);

    assertThat(counted.put(rest.value("k"), "1").ok().header("Selvedge-Quota-Left")).contains("9");
    counted.get(rest.value("k"));
    counted.get(rest.value("none"));
    counted.get(rest.metadata("k")).ok();
    assertThat(counted.sendNow(new TestRequest("GET", rest.value("k")))).isPresent();
    counted.get(rest.keys("")).ok();
    counted.delete(rest.value("k")).ok();
    counted.post(rest.bulk("/get"), "{\"keys\":[\"a\",\"b\"]}").ok();
    counted
        .put(rest.bulk(""), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"1\"}]")
        .ok();
    counted.delete(rest.bulk(""), "[\"a\",\"b\",\"c\"]").ok();

    assertThat(allowance.spent)
        .containsEntry(Quota.READS, 6L)
        .containsEntry(Quota.LISTS, 1L)
        .containsEntry(Quota.DELETES, 4L)
        .containsEntry(Quota.WRITES, 3L);
  }

  @Test
  void aRefusedRequestGetsItsQuotaBack() {
    var allowance = new SmallAllowance(10);
    RestFixture counted = rest.allowed(spool, allowance);

    counted.put(rest.value("k") + "?expiration_ttl=0", "1");
    counted.send(new TestRequest("PUT", rest.value("k")).with("If-Match", "\"77\"").body("1"));
    counted.send(new TestRequest("PUT", rest.value("k")).chunked(new BrokenStream(10)));
    counted.put(rest.bulk(""), "[{\"key\":\"\",\"value\":\"1\"}]");

    assertThat(allowance.spent.getOrDefault(Quota.WRITES, 0L)).isZero();
  }

  @Test
  void aSpentQuotaRefusesOnlyItsOwnOperations() {
    RestFixture counted = rest.allowed(spool, new SmallAllowance(1));
    counted.put(rest.value("k"), "1").ok();

    Answer refused = counted.put(rest.value("k"), "2");

    refused.fails(429, 10048, "put: 'KV writes limit exceeded for the day.'");
    assertThat(refused.header("Retry-After")).contains("43200");
    assertThat(counted.sendNow(new TestRequest("GET", rest.value("k"))).orElseThrow().text())
        .isEqualTo("1");
    counted.get(rest.value("k")).fails(429, 10048, "get: 'KV reads limit exceeded for the day.'");
    counted
        .sendNow(new TestRequest("GET", rest.value("k")))
        .orElseThrow()
        .fails(429, 10048, "get: 'KV reads limit exceeded for the day.'");
    counted.delete(rest.value("k")).ok();
  }

  @Test
  void onlyValidWritesCountForTheRateOfAKey() {
    var allowance = new SmallAllowance(10);
    RestFixture counted = rest.allowed(spool, allowance);

    counted.put(rest.value("k") + "?expiration_ttl=0", "1");
    counted.put(rest.bulk(""), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\"}]");
    assertThat(allowance.admitted).isEmpty();

    counted.put(rest.value("k"), "123").ok();
    counted
        .put(rest.bulk(""), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"a\",\"value\":\"22\"}]")
        .ok();
    assertThat(allowance.admitted).containsExactly("k=3", "a=2");
  }

  @Test
  void oneRecentlyWrittenKeyRefusesTheWholeBulk() {
    var allowance = new SmallAllowance(10);
    allowance.refused = Key.of("b");
    RestFixture counted = rest.allowed(spool, allowance);

    counted
        .put(rest.bulk(""), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"1\"}]")
        .fails(429, 10022, "bulk put: 'Too Many Requests'");

    assertThat(rest.names("")).isEmpty();
    assertThat(allowance.spent.getOrDefault(Quota.WRITES, 0L)).isZero();
  }

  @Test
  void aBulkAboveTheRemainingQuotaWritesNothing() {
    RestFixture counted = rest.allowed(spool, new SmallAllowance(1));

    Answer answer =
        counted.put(
            rest.bulk(""), "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"1\"}]");

    answer.fails(429, 10048, "bulk put: 'KV writes limit exceeded for the day.'");
    assertThat(rest.names("")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/accounts/",
        "/accounts/x",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv/namespacesx",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv/namespaces/a/b",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv/namespaces/a/bulk/put",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv/namespaces/a/bulk/",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/storage/kv/namespaces/a/keys/",
        "/accounts/023E105F4ECEF8AD9CA31A8372D0C353/storage/kv/namespaces",
        "/accounts/023e105f4ecef8ad9ca31a8372d0c353/workers/scripts/x/settings",
        "/zones",
        "/user/",
        "/users/é"
      })
  void reportsAnUnknownRoute(String path) {
    for (String method : List.of("GET", "PUT", "DELETE", "POST")) {
      Answer answer = rest.send(new TestRequest(method, "/client/v4" + path).body("{}"));

      answer.fails(
          404,
          7003,
          "Could not route to /client/v4" + path + ", perhaps your object identifier is invalid?");
    }
  }

  @Test
  void unknownPathsAreRefusedInTheFormOfRestV4() {
    rest.get("/elsewhere").fails(404, 10404, "there is nothing at /elsewhere");
    rest.get("/client/v4x/user").fails(404, 10404, "there is nothing at /client/v4x/user");
  }
}
