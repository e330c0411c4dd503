package selvedge.server.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.AccountId;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

/** Acts of an edge wait in a file for its origin. */
final class PendingActsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");
  private static final Limits LIMITS = Limits.of(Profile.OPEN).with(Limit.AUDIT_RECORDS, 20);

  @TempDir Path data;

  private static Act act(int number, int status) {
    return new Act(
        NOW.plusMillis(number),
        "token 1 (\n)",
        "127.0.0.1:1",
        "promote",
        "/v1/promote?" + number,
        Map.of(),
        status,
        0,
        "fra");
  }

  private static List<Act> acts(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> act(i, 200)).toList();
  }

  private PendingActs pending() {
    return new PendingActs(data, LIMITS);
  }

  @Test
  void actsWaitAcrossARestartUntilTheyAreRecorded() {
    acts(0, 5).forEach(pending()::add);
    PendingActs again = pending();
    assertThat(again.oldest(2)).isEqualTo(acts(0, 2));
    again.remove(again.oldest(2));
    assertThat(again.oldest(100)).isEqualTo(acts(2, 5));
    assertThat(pending().oldest(100)).isEqualTo(acts(2, 5));
  }

  @Test
  void theOldestActGoesWhenThereAreTooMany() {
    acts(0, 50).forEach(pending()::add);
    assertThat(pending().oldest(100)).hasSizeLessThanOrEqualTo(20).endsWith(act(49, 200));
  }

  @Test
  void ofRefusedActsFewAreKept() {
    PendingActs pending = pending();
    IntStream.range(0, 100).forEach(i -> pending.add(act(i, 401)));
    pending.add(act(100, 200));
    assertThat(pending.oldest(100)).hasSize(11);
    assertThat(pending.oldest(100).getLast().leftOut()).isEqualTo(90);
  }

  @Test
  void aHalfLineEndsTheFile() throws IOException {
    PendingActs pending = pending();
    acts(0, 3).forEach(pending::add);
    Files.writeString(data.resolve("audit-pending"), "{\"time\":", StandardOpenOption.APPEND);
    PendingActs again = pending();
    assertThat(again.oldest(100)).isEqualTo(acts(0, 3));
    again.add(act(3, 200));
    assertThat(pending().oldest(100)).isEqualTo(acts(0, 4));
  }

  @Test
  void theAuditTakesAnActOnceHoweverOftenItIsReported() {
    var memory = new MemoryNamespaces(new SettableClock(NOW));
    var audit =
        new Audit(memory.open(memory.create(new AccountId("f".repeat(32)), "system").id()), LIMITS);
    PendingActs pending = pending();
    acts(0, 3).forEach(pending::add);
    audit.addReported(acts(0, 2));

    pending.moveTo(audit);
    audit.addReported(acts(1, 4));

    assertThat(audit.list(0, 100)).extracting(Audit.Numbered::act).isEqualTo(acts(0, 4));
    assertThat(pending.oldest(100)).isEmpty();
    assertThat(pending().oldest(100)).isEmpty();
  }
}
