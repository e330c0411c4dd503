package selvedge.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import selvedge.model.AccountId;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.Profile;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.api.route.Route;
import selvedge.server.api.route.Routes;
import selvedge.server.api.route.V1Route;

final class AuditTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Limits LIMITS = Limits.of(Profile.OPEN).with(Limit.AUDIT_RECORDS, 20);

  private final SettableClock clock = new SettableClock(NOW);
  private final MemoryNamespaces memory = new MemoryNamespaces(clock);
  private final Namespace system =
      memory.open(memory.create(new AccountId("f".repeat(32)), "system").id());

  private static Act act(int number, int status) {
    return new Act(
        NOW.plusMillis(number),
        "token 0123 (ci\n)",
        "127.0.0.1:1",
        "create token",
        "/v1/tokens?" + number,
        Map.of("id", "" + number),
        status,
        0,
        "");
  }

  @Test
  void theNewestActsAreKeptInTheirOrder() {
    var audit = new Audit(system, LIMITS);
    for (int i = 1; i <= 50; i++) {
      audit.add(act(i, 200));
    }
    List<Audit.Numbered> kept = audit.list(0, 1000);
    assertThat(kept).extracting(Audit.Numbered::number).first().isEqualTo(31L);
    assertThat(kept).hasSize(20).last().isEqualTo(new Audit.Numbered(50, act(50, 200)));
    assertThat(audit.list(40, 3)).extracting(Audit.Numbered::number).containsExactly(41L, 42L, 43L);
    assertThat(audit.list(50, 3)).isEmpty();
  }

  @Test
  void numbersGoOnAfterARestart() {
    var first = new Audit(system, LIMITS);
    first.add(act(1, 200));
    first.add(act(2, 200));
    var second = new Audit(system, LIMITS);
    second.add(act(3, 200));
    assertThat(second.list(0, 10)).extracting(Audit.Numbered::number).containsExactly(1L, 2L, 3L);
  }

  @Test
  void ofRefusedActsFewAreKeptAndTheOthersAreCounted() {
    var audit = new Audit(system, LIMITS);
    for (int i = 0; i < 100; i++) {
      audit.add(act(i, i % 2 == 0 ? 401 : 403));
    }
    assertThat(audit.list(0, 1000)).hasSize(10);
    audit.add(act(100, 200));
    assertThat(audit.list(10, 10)).first().extracting(one -> one.act().leftOut()).isEqualTo(90L);
    audit.add(act(70_000, 403));
    assertThat(audit.list(11, 10)).first().extracting(one -> one.act().leftOut()).isEqualTo(0L);
  }

  @Test
  void changesOfTokensNamespacesAndServersAreAudited() {
    assertThat(Routes.all())
        .filteredOn(Route::isAudited)
        .extracting(Route::operation)
        .contains(
            "create token",
            "revoke token",
            "rotate token",
            "create namespace",
            "rename namespace",
            "remove namespace",
            "promote",
            "follow",
            "confirm-clock",
            "backup create",
            "key rotate",
            "set staleness")
        .doesNotContain("put", "delete", "bulk", "clear", "increment", "list tokens", "audit");
  }

  /** Only routes of keys are answered on the event loop, where the audit may not block. */
  @ParameterizedTest
  @MethodSource
  void noAuditedRouteConcernsAKey(Route route) {
    assertThat(route).isNotIn(V1Route.GET, V1Route.PUT, V1Route.DELETE);
    assertThat(route.entry().quotas()).isEmpty();
  }

  private static List<Route> noAuditedRouteConcernsAKey() {
    return Routes.all().stream().filter(Route::isAudited).toList();
  }
}
