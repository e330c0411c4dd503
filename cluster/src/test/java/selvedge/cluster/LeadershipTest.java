package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.model.OverloadedException;

final class LeadershipTest {
  private static final long TERM = 7;

  private final RecordingLog log = new RecordingLog();
  private long now;
  private final Leadership leadership = new Leadership(TERM, log, () -> now);

  @Test
  void aLeaderIsProvenOnlyAfterAnEntryOfItsTermWasApplied() {
    assertThat(leadership.isProven()).isFalse();

    leadership.submit(new LogEntry.Proof(TERM));
    assertThat(leadership.isProven()).isFalse();

    leadership.applied(1);
    assertThat(leadership.isProven()).isTrue();
  }

  /** The reads of Ratis were stale: its lease did not count from the submission. */
  @Test
  void theProofCountsFromTheSubmissionAndNotFromTheAnswer() {
    leadership.submit(new LogEntry.Proof(TERM));
    now += Leadership.LEASE.toNanos();

    leadership.applied(1);

    assertThat(leadership.isProven()).isFalse();
  }

  @Test
  void theProofEndsBeforeANewLeaderMayAnswer() {
    leadership.submit(new LogEntry.Proof(TERM));
    leadership.applied(1);

    now += Leadership.LEASE.minus(Duration.ofMillis(40)).toNanos();

    assertThat(leadership.isProven()).isFalse();
  }

  @Test
  void aLateAnswerOfAnEarlierEntryDoesNotShortenTheProof() {
    leadership.submit(new LogEntry.Proof(TERM));
    now += Duration.ofMillis(300).toNanos();
    leadership.submit(new LogEntry.Proof(TERM));
    leadership.applied(2);
    leadership.applied(1);

    now += Duration.ofMillis(400).toNanos();

    assertThat(leadership.isProven()).isTrue();
  }

  @Test
  void nothingIsSubmittedAfterTheEnd() {
    leadership.end("it has stepped down");

    assertThat(leadership.isProven()).isFalse();
    assertThatThrownBy(() -> leadership.submit(new LogEntry.Proof(TERM)))
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("it has stepped down");
    assertThat(log.submitted).isEmpty();
  }

  @Test
  void anEntryOfALaterTermDecidesTheOpenOnes() {
    Ticket lost = leadership.submit(new LogEntry.Proof(TERM));
    lost.appended();
    lost.failed("not the leader");

    leadership.replaced();

    assertThatThrownBy(lost::await)
        .isInstanceOf(OverloadedException.class)
        .hasMessageContaining("not made");
  }

  @Test
  void anEntryThatWasNeverAppendedIsNotMade() {
    Ticket refused = leadership.submit(new LogEntry.Proof(TERM));

    refused.failed("not the leader");

    assertThatThrownBy(refused::await).isInstanceOf(OverloadedException.class);
  }

  @Test
  void anEntryThatIsAppliedAfterAllIsMade() {
    Ticket late = leadership.submit(new LogEntry.Proof(TERM));
    late.appended();
    late.failed("not the leader");

    leadership.applied(1);

    late.await();
    assertThat(late.isAppended()).isTrue();
  }

  /** Submits to nothing. */
  private static final class RecordingLog implements Leadership.Submitter {
    private final List<LogEntry> submitted = new ArrayList<>();
    private long numbers;

    @Override
    public void submit(long number, LogEntry entry, Ticket ticket) {
      submitted.add(entry);
    }

    @Override
    public long next() {
      return ++numbers;
    }

    @Override
    public void stepDown() {}
  }
}
