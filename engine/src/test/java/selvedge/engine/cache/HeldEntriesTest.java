package selvedge.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.engine.cache.HeldEntries.Held;
import selvedge.engine.store.Name;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.Omitted;

final class HeldEntriesTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));
  private static final Key KEY = Key.of("k");
  private static final Name NAME = new Name(NAMESPACE, KEY);

  private final Limits limits = Limits.of(Profile.OPEN);
  private final HeldEntries held = new HeldEntries(limits, Version.NONE, 1);

  private static Held copy(long version) {
    return copy(version, Bytes.utf8("v" + version));
  }

  private static Held copy(long number, Value value) {
    var version = new Version(number);
    var entry = new Entry(KEY, value, Metadata.NONE, Expiry.NEVER, version);
    return new Held(new Lookup.Found(entry, version), 0, true, 1);
  }

  private static Held missing(long version) {
    return new Held(new Lookup.Missing(new Version(version)), 0, true, 1);
  }

  private void change(long version, Mutation mutation) {
    held.apply(List.of(new Change(new Version(version), Instant.EPOCH, NAMESPACE, mutation)));
  }

  private static Mutation put(String value) {
    return new Mutation.Put(KEY, Bytes.utf8(value), Metadata.NONE, Expiry.NEVER);
  }

  private String value() {
    return held.find(NAME)
        .map(
            each ->
                each.lookup() instanceof Lookup.Found found
                    ? found.entry().value().bytes().utf8()
                    : "missing")
        .orElse("not held");
  }

  @Test
  void holdsEntriesAndTheAbsenceOfEntries() {
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, copy(3));
    assertThat(value()).isEqualTo("v3");
    held.fill(NAME, missing(4));
    assertThat(value()).isEqualTo("missing");
  }

  @Test
  void changesUpdateHeldCopiesAndInsertNone() {
    change(1, put("unread"));
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, copy(2));
    change(3, put("new"));
    assertThat(value()).isEqualTo("new");
    change(4, new Mutation.Delete(KEY));
    assertThat(value()).isEqualTo("missing");
    change(5, put("again"));
    assertThat(value()).isEqualTo("again");
  }

  @Test
  void aFillReplacesNoNewerChange() {
    change(5, put("unread"));
    held.fill(NAME, copy(4));
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, copy(5));
    change(6, put("v6"));
    held.fill(NAME, copy(5));
    assertThat(value()).isEqualTo("v6");
  }

  @Test
  void anOldChangeReplacesNoNewerFill() {
    held.fill(NAME, copy(9));
    change(8, put("old"));
    assertThat(value()).isEqualTo("v9");
    held.fill(NAME, copy(8));
    assertThat(value()).isEqualTo("v9");
  }

  @Test
  void aClearInvalidatesEveryOlderCopy() {
    held.fill(NAME, copy(3));
    change(4, new Mutation.Clear(Bytes.utf8("x")));
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, copy(3));
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, missing(4));
    assertThat(value()).isEqualTo("missing");
  }

  @Test
  void holdsNoCopyThatIsOlderThanTheStoreAtTheStart() {
    var later = new HeldEntries(limits, new Version(10), 1);
    later.fill(NAME, copy(9));
    assertThat(later.find(NAME)).isEmpty();
    later.fill(NAME, copy(10));
    assertThat(later.find(NAME)).isPresent();
  }

  @Test
  void holdsOnlyCopiesOfTheNewestOpening() {
    held.fill(NAME, copy(9));
    held.follow(2);
    assertThat(value()).isEqualTo("not held");
    held.fill(NAME, copy(9));
    assertThat(value()).as("read of the opening before").isEqualTo("not held");

    held.fill(NAME, of(2, copy(8)));

    assertThat(value()).isEqualTo("v8");
  }

  private static Held of(long opening, Held copy) {
    return new Held(copy.lookup(), copy.tick(), copy.dated(), opening);
  }

  @Test
  void holdsOnlyTheLengthOfALargeValue() {
    Bytes large = Bytes.adopt(new byte[limits.size(Limit.INLINE_BYTES) + 1]);
    held.fill(NAME, copy(1, large));
    assertThat(held.find(NAME).orElseThrow().lookup())
        .isEqualTo(copy(1, new Omitted(large.size())).lookup());
  }

  @Test
  void holdsAtMostTheLimitOfBytes() {
    var little = new HeldEntries(limits.with(Limit.CACHED_BYTES, 10_000), Version.NONE, 1);
    for (int i = 0; i < 1000; i++) {
      little.fill(new Name(NAMESPACE, Key.of("k" + i)), copy(1));
    }
    assertThat(little.size()).isBetween(1L, 50L);
  }

  @Test
  void aSlowFillNeverReplacesANewerChange() throws Exception {
    var origin = new AtomicLong();
    var applied = new AtomicLong();
    var done = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<?> one = threads.submit(() -> fillUntil(done, origin, applied));
      Future<?> other = threads.submit(() -> fillUntil(done, origin, applied));
      for (long version = 1; version <= 50_000; version++) {
        origin.set(version);
        change(version, version % 10 == 0 ? new Mutation.Clear(Bytes.EMPTY) : put("v" + version));
        applied.set(version);
      }
      done.set(true);
      one.get();
      other.get();
    }
  }

  /** A copy is never older than a change that was applied before the copy was read. */
  private void fillUntil(AtomicBoolean done, AtomicLong origin, AtomicLong applied) {
    while (!done.get()) {
      held.fill(NAME, copy(origin.get()));
      long before = applied.get();
      held.find(NAME)
          .ifPresent(
              found -> assertThat(found.lookup().asOf().number()).isGreaterThanOrEqualTo(before));
    }
  }
}
