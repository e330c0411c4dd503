package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.ConflictException;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.LimitExceededException;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

@Timeout(30)
final class BulkTest {
  private final Fixture at = new Fixture();
  private final AtomicLong progress = new AtomicLong();
  private final Bulk bulk =
      Bulk.of(at.namespace).chunk(100).progress(done -> progress.accumulateAndGet(done, Math::max));

  private static Map<Key, Bytes> values(int count) {
    Map<Key, Bytes> values = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      values.put(Key.of("k" + i), Bytes.utf8("v" + i));
    }
    return values;
  }

  @Test
  void putsReadsAndDeletesAnyNumberOfKeys() {
    Map<Key, Bytes> values = values(5_050);
    Bulk.Summary put = bulk.putAll(values);
    assertThat(put.isComplete()).isTrue();
    assertThat(put.succeeded()).isEqualTo(5_050);
    assertThat(progress).hasValue(5_050);
    Bulk.Read read = bulk.getAll(values.keySet());
    assertThat(read.found()).isEqualTo(values);
    assertThat(bulk.deleteAll(values.keySet()).isComplete()).isTrue();
    assertThat(at.namespace.count(Bytes.EMPTY)).isZero();
    assertThat(bulk.putAll(Map.of()).succeeded()).isZero();
  }

  @Test
  void reportsFailedKeysAndCompletesTheOthers() {
    Map<Key, Bytes> values = values(250);
    Key tooLong = Key.of("x".repeat(600));
    values.put(tooLong, Bytes.EMPTY);
    Bulk.Summary summary = bulk.putAll(values);
    assertThat(summary.succeeded()).isEqualTo(250);
    assertThat(summary.failed()).containsOnlyKeys(tooLong);
    assertThat(summary.failed().values()).hasOnlyElementsOfType(LimitExceededException.class);
    assertThat(at.namespace.count(Bytes.EMPTY)).isEqualTo(250);
  }

  @Test
  void putsLargeValuesAlone() {
    Map<Key, Bytes> values = values(250);
    Bytes large = Bytes.adopt(new byte[200_000]);
    values.put(Key.of("large"), large);
    assertThat(bulk.putAll(values).isComplete()).isTrue();
    assertThat(at.namespace.get("large")).contains(large);
    assertThat(at.namespace.count(Bytes.EMPTY)).isEqualTo(251);
  }

  @Test
  void everyPutHasItsOwnOptions() {
    at.namespace.put("there", "before");
    List<Bulk.Put> puts = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      Metadata metadata = Metadata.json("{\"n\":" + i + "}");
      puts.add(
          new Bulk.Put(Key.of("k" + i), Bytes.utf8("v"), WriteOptions.PLAIN.metadata(metadata)));
    }
    puts.add(
        new Bulk.Put(
            Key.of("short"), Bytes.utf8("v"), WriteOptions.PLAIN.expiresIn(Duration.ofMinutes(1))));
    puts.add(new Bulk.Put(Key.of("there"), Bytes.utf8("v"), WriteOptions.PLAIN.ifAbsent()));
    puts.add(new Bulk.Put(Key.of("k1"), Bytes.utf8("last"), WriteOptions.PLAIN));
    Bulk.Summary summary = bulk.putAll(puts);
    assertThat(summary.succeeded()).isEqualTo(251);
    assertThat(summary.failed()).containsOnlyKeys(Key.of("there"));
    assertThat(summary.failed().values()).hasOnlyElementsOfType(ConflictException.class);
    assertThatThrownBy(summary::orElseThrow).isInstanceOf(ConflictException.class);
    assertThat(at.namespace.find("k200").orElseThrow().metadata().toString())
        .isEqualTo("{\"n\":200}");
    assertThat(at.namespace.getText("k1")).contains("last");
    at.clock.advance(Duration.ofMinutes(1));
    assertThat(at.namespace.getText("short")).isEmpty();
  }

  @Test
  void aWriteOfTooManyKeysChangesNothing() {
    List<Mutation> naive = List.of(put("good"), put("x".repeat(600)));
    assertThatThrownBy(() -> at.namespace.write(naive)).isInstanceOf(LimitExceededException.class);
    assertThat(at.namespace.count(Bytes.EMPTY)).isZero();
  }

  private static Mutation put(String key) {
    return new Mutation.Put(Key.of(key), Bytes.EMPTY, Metadata.NONE, Expiry.NEVER);
  }

  @Test
  void repeatsRequestsThatMaySucceedLater() {
    at.edge.cut();
    var late = Bulk.of(at.late).chunk(10).concurrency(1).progress(done -> at.edge.mend());
    Bulk.Summary summary = late.putAll(values(30));
    assertThat(summary.failed()).hasSize(10);
    assertThat(summary.failed().values()).hasOnlyElementsOfType(OverloadedException.class);
    assertThat(summary.succeeded()).isEqualTo(20);
  }

  @Test
  void refusesNumbersBelowOne() {
    assertThatThrownBy(() -> Bulk.of(at.namespace).chunk(0))
        .isInstanceOf(InvalidRequestException.class);
  }

  /** Fails every write with an exception that is not one of the store. */
  private static final class BrokenNamespace extends WrappedNamespace {
    private final RuntimeException failure;

    BrokenNamespace(Namespace namespace, RuntimeException failure) {
      super(namespace);
      this.failure = failure;
    }

    @Override
    public Version write(List<Mutation> mutations) {
      throw failure;
    }
  }

  @Test
  void aWriteThatFailedWithAnyExceptionIsNotReportedAsMade() {
    var broken = new BrokenNamespace(at.namespace, new IllegalStateException("closed"));
    Bulk.Summary summary = Bulk.of(broken).chunk(10).concurrency(2).putAll(values(30));
    assertThat(at.namespace.count(Bytes.EMPTY)).isZero();
    assertThat(summary.succeeded()).isZero();
    assertThat(summary.isComplete()).isFalse();
    assertThat(summary.failed()).hasSize(30);
  }

  @Test
  void aProgressCallbackThatThrowsDoesNotEndTheWork() {
    var noisy =
        Bulk.of(at.namespace)
            .chunk(10)
            .concurrency(1)
            .progress(
                done -> {
                  throw new IllegalStateException("the console is closed");
                });
    Bulk.Summary summary = noisy.putAll(values(100));
    assertThat(summary.succeeded()).isEqualTo(100);
    assertThat(at.namespace.count(Bytes.EMPTY)).isEqualTo(100);
  }

  /** Counts the writes of a namespace. */
  private static final class CountedNamespace extends WrappedNamespace {
    private final AtomicLong writes = new AtomicLong();

    CountedNamespace(Namespace namespace) {
      super(namespace);
    }

    @Override
    public Version write(List<Mutation> mutations) {
      writes.incrementAndGet();
      return super.write(mutations);
    }

    @Override
    public Outcome put(Key key, Value value, WriteOptions options) {
      writes.incrementAndGet();
      return super.put(key, value, options);
    }
  }

  @Test
  void aLargeValueDoesNotSplitTheRestOfItsChunk() {
    var counted = new CountedNamespace(at.namespace);
    Map<Key, Bytes> values = values(498);
    values.put(Key.of("large 1"), Bytes.adopt(new byte[100_000]));
    values.put(Key.of("large 2"), Bytes.adopt(new byte[100_000]));
    assertThat(Bulk.of(counted).putAll(values).isComplete()).isTrue();
    assertThat(at.namespace.count(Bytes.EMPTY)).isEqualTo(500);
    assertThat(counted.writes.get()).isLessThan(10);
  }

  @Test
  void aKeyThatIsRefusedDoesNotSplitItsChunkIntoSingleWrites() {
    var counted = new CountedNamespace(at.namespace);
    Map<Key, Bytes> values = values(499);
    values.put(Key.of("x".repeat(600)), Bytes.EMPTY);
    assertThat(Bulk.of(counted).putAll(values).succeeded()).isEqualTo(499);
    assertThat(counted.writes.get()).isLessThan(40);
  }
}
