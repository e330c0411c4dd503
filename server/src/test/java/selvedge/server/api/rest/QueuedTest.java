package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.OverloadedException;
import selvedge.server.access.Admission;
import selvedge.server.access.Refusal;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;
import selvedge.server.quota.Quota;

/** Changes that are queued on the event loop get the same responses as changes on a thread. */
final class QueuedTest {
  @TempDir private Path spool;
  private final SmallAllowance allowance = new SmallAllowance(3);
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private TestRequest put(String query, String body) {
    return new TestRequest("PUT", rest.value("k") + query).body(body);
  }

  private TestRequest delete() {
    return new TestRequest("DELETE", rest.value("k"));
  }

  private long spent(Quota quota) {
    return allowance.spent.getOrDefault(quota, 0L);
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "?expiration_ttl=60, ''",
    "?expiration=1900000000, ''",
    "'', {\"a\":1}",
  })
  void aQueuedPutHasTheResponseOfAThread(String query, String metadata) {
    TestRequest plain = put(query, "one");
    TestRequest queued = put(query, "one");
    if (!metadata.isEmpty()) {
      plain.with("CF-KV-Metadata", metadata);
      queued.with("CF-KV-Metadata", metadata);
    }
    Answer waited = rest.send(plain);
    Answer waitedFor = rest.get(rest.value("k"));
    Answer soon = rest.sendSoon(queued).orElseThrow();
    Answer found = rest.get(rest.value("k"));

    assertThat(soon.text()).isEqualTo(waited.text());
    assertThat(soon.status()).isEqualTo(waited.status());
    assertThat(Long.parseLong(soon.version())).isGreaterThan(Long.parseLong(waited.version()));
    assertThat(soon.header("ETag")).contains("\"" + soon.version() + "\"");
    assertThat(found.text()).isEqualTo("one");
    assertThat(found.header("expiration")).isEqualTo(waitedFor.header("expiration"));
    assertThat(found.header("CF-KV-Metadata")).isEqualTo(waitedFor.header("CF-KV-Metadata"));
  }

  @Test
  void aQueuedDeleteHasTheResponseOfAThread() {
    Answer waited = rest.send(delete());
    rest.put(rest.value("k"), "one").ok();
    Answer soon = rest.sendSoon(delete()).orElseThrow();

    assertThat(soon.text()).isEqualTo(waited.text());
    assertThat(rest.get(rest.value("k")).status()).isEqualTo(404);
  }

  @Test
  void aFailedConditionSpendsNoQuota() {
    rest = rest.allowed(spool, allowance);
    rest.put(rest.value("k"), "one").ok();

    Answer soon = rest.sendSoon(put("", "two").with("If-None-Match", "*")).orElseThrow();
    assertThat(soon.text()).isEqualTo(rest.send(put("", "two").with("If-None-Match", "*")).text());
    assertThat(soon.status()).isEqualTo(412);
    assertThat(rest.sendSoon(delete().with("If-Match", "\"999\"")).orElseThrow().status())
        .isEqualTo(412);
    assertThat(spent(Quota.WRITES)).isEqualTo(1);
    assertThat(spent(Quota.DELETES)).isZero();
    assertThat(rest.get(rest.value("k")).text()).isEqualTo("one");
  }

  @Test
  void returnsTheRemainingQuota() {
    rest = rest.allowed(spool, allowance);

    Answer soon = rest.sendSoon(put("", "one")).orElseThrow();
    assertThat(soon.header("Selvedge-Quota-Left")).contains("2");
    assertThat(allowance.admitted).containsExactly("k=3");
  }

  @Test
  void aPutAboveTheQuotaIsNotQueued() {
    rest = rest.allowed(spool, new SmallAllowance(0));
    TestRequest request = put("", "one");

    assertThat(rest.sendSoon(request)).isEmpty();
    assertThat(rest.send(request).status()).isEqualTo(429);
    assertThat(rest.get(rest.value("k")).status()).isNotEqualTo(200);
  }

  @Test
  void aPutAboveTheRateOfAKeyIsNotQueuedAndSpendsNoQuota() {
    rest = rest.allowed(spool, allowance);
    allowance.refused = Key.of("k");

    assertThat(rest.sendSoon(put("", "one"))).isEmpty();
    assertThat(spent(Quota.WRITES)).isZero();
  }

  @Test
  void aFailureSpendsNoQuotaAndHasTheResponseOfAThread() {
    var failing = new FailingNamespaces(rest.memory, new OverloadedException("no more"));
    rest = rest.over(spool, failing);

    Answer soon = rest.sendSoon(put("", "one")).orElseThrow();
    assertThat(soon.text()).isEqualTo(rest.send(put("", "one")).text());
    assertThat(soon.status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(strings = {"?expiration_ttl=0", "?expiration=x"})
  void invalidRequestsAreNotQueued(String query) {
    assertThat(rest.sendSoon(put(query, "one"))).isEmpty();
    assertThat(rest.sendSoon(put("", "one").with("If-Match", "x"))).isEmpty();
    assertThat(rest.sendSoon(put("", "one").with("CF-KV-Metadata", "no JSON"))).isEmpty();
    assertThat(rest.sendSoon(new TestRequest("PUT", "/client/v4/user").body("one"))).isEmpty();
    assertThat(rest.get(rest.value("k")).status()).isEqualTo(404);
  }

  @Test
  void otherBodiesAreNotQueued() {
    rest = new RestFixture(spool, Limit.INLINE_BYTES, 3);

    assertThat(rest.sendSoon(put("", "four"))).isEmpty();
    assertThat(rest.sendSoon(put("", "two"))).isPresent();
    assertThat(rest.sendSoon(put("", "x").with("Content-Type", "multipart/form-data; boundary=b")))
        .isEmpty();
    assertThat(rest.sendSoon(new TestRequest("GET", rest.value("k")))).isEmpty();
  }

  @Test
  void unauthenticatedRequestsAreNotQueued() {
    RestFixture closed = rest.guarded(spool, _ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    assertThat(closed.sendSoon(put("", "one"))).isEmpty();
    assertThat(rest.get(rest.value("k")).status()).isEqualTo(404);
  }
}
