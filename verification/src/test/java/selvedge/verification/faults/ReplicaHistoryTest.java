package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static selvedge.verification.faults.ReplicaHistory.ABSENT;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import selvedge.verification.faults.ReplicaHistory.Acknowledged;
import selvedge.verification.faults.ReplicaHistory.Answer;
import selvedge.verification.faults.ReplicaHistory.Change;

/** Tests the checker of replicas itself, by an answer of each wrong kind. */
final class ReplicaHistoryTest {
  private static final long MILLI = 1_000_000;
  private static final List<Change> ORDER =
      List.of(
          new Change(1, "a", true),
          new Change(2, "b", true),
          new Change(4, "a", true),
          new Change(6, "b", false),
          new Change(7, "c", true));

  private final ReplicaHistory history =
      new ReplicaHistory(
          ORDER,
          List.of(
              new Acknowledged(4, 400 * MILLI),
              new Acknowledged(2, 450 * MILLI),
              new Acknowledged(7, 700 * MILLI)));

  private static Answer asOf(long version) {
    return new Answer("r", 1_000 * MILLI, 0, 0, version, OptionalLong.empty());
  }

  private static Answer after(long seen, long written, long asOf) {
    return new Answer("r", 1_000 * MILLI, seen, written, asOf, OptionalLong.empty());
  }

  private static Answer aged(long asOf, long millis) {
    return new Answer("r", 1_000 * MILLI, 0, 0, asOf, OptionalLong.of(millis));
  }

  private void assertViolated(String kind) {
    assertThat(history.violations()).singleElement().asString().startsWith(kind + ": ");
  }

  @Test
  void acceptsEveryStateOfTheOrder() {
    history.read(asOf(0), "a", ABSENT);
    history.read(asOf(1), "a", 1);
    history.read(asOf(3), "a", 1);
    history.read(asOf(5), "a", 4);
    history.read(asOf(5), "b", 2);
    history.read(asOf(6), "b", ABSENT);
    history.listed(asOf(5), "", Set.of("a", "b"));
    history.listed(asOf(7), "", Set.of("a", "c"));
    history.read(after(4, 3, 4), "a", 4);
    history.read(aged(4, 400), "a", 4);
    history.read(aged(7, 0), "c", 7);
    history.watched("w", 2, ORDER.subList(2, 5));

    assertThat(history.violations()).isEmpty();
  }

  /** The server may name its version before it reads. */
  @Test
  void acceptsAnEntryThatIsNewerThanTheNamedVersion() {
    history.read(asOf(3), "a", 4);
    history.read(asOf(5), "b", ABSENT);
    history.listed(asOf(6), "", Set.of("a", "c"));

    assertThat(history.violations()).isEmpty();
  }

  @Test
  void rejectsAVersionThatIsNotInTheOrder() {
    history.read(asOf(5), "a", 3);

    assertViolated("order");
  }

  @Test
  void rejectsTheVersionOfADelete() {
    history.read(asOf(7), "b", 6);

    assertViolated("order");
  }

  @Test
  void rejectsAnAnswerThatLacksAChangeBeforeItsVersion() {
    history.read(asOf(4), "a", 1);

    assertViolated("prefix");
  }

  @Test
  void rejectsADeletedEntry() {
    history.read(asOf(6), "b", 2);

    assertViolated("prefix");
  }

  @Test
  void rejectsAMissingEntry() {
    history.read(asOf(2), "a", ABSENT);

    assertViolated("prefix");
  }

  @Test
  void rejectsAListOfNoState() {
    history.listed(asOf(2), "", Set.of("b", "c"));

    assertViolated("list");
  }

  @Test
  void rejectsAListThatIsOlderThanItsVersion() {
    history.listed(asOf(7), "", Set.of("a", "b"));

    assertViolated("list");
  }

  @Test
  void rejectsAReaderThatGoesBack() {
    history.read(after(5, 0, 3), "a", 1);

    assertViolated("monotonic");
  }

  @Test
  void rejectsAReaderThatMissesItsOwnWrite() {
    history.read(after(2, 4, 3), "a", 1);

    assertViolated("read your writes");
  }

  /** Version 4 was acknowledged 600 ms before the request. */
  @Test
  void rejectsAnAnswerThatIsOlderThanItsAge() {
    history.read(aged(3, 500), "a", 1);

    assertViolated("age");
  }

  /** The acknowledgement of version 2 came later, and must not hide that of version 4. */
  @Test
  void anEarlierVersionThatIsAcknowledgedLaterHidesNothing() {
    history.read(aged(3, 540), "a", 1);

    assertViolated("age");
  }

  @Test
  void rejectsAWatcherThatMissesAChange() {
    history.watched("w", 0, List.of(ORDER.get(0), ORDER.get(2)));

    assertViolated("watch");
  }

  @Test
  void rejectsAWatcherThatReceivesAChangeTwice() {
    history.watched("w", 4, List.of(ORDER.get(3), ORDER.get(3), ORDER.get(4)));

    assertViolated("watch");
  }

  @Test
  void rejectsAWatcherThatEndsEarly() {
    history.watched("w", 4, List.of(ORDER.get(3)));

    assertViolated("watch");
  }
}
