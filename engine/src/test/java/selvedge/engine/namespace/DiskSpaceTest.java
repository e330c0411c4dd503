package selvedge.engine.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import selvedge.model.StorageFullException;

final class DiskSpaceTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong free = new AtomicLong(100);
  private final AtomicInteger asked = new AtomicInteger();
  private final DiskSpace room =
      new DiskSpace(
          () -> {
            asked.incrementAndGet();
            return free.get();
          },
          100);

  @Test
  void theDiskIsCheckedOnceInATenthOfASecond() {
    for (int millis = 0; millis < 300; millis++) {
      room.require(START.plusMillis(millis));
    }
    assertThat(asked).hasValue(3);
  }

  @Test
  void aFullDiskIsCheckedEachTime() {
    free.set(99);
    assertThatThrownBy(() -> room.require(START))
        .isInstanceOf(StorageFullException.class)
        .hasMessage("the disk has room for less than 100 bytes: delete something or add space");
    free.set(111);
    assertThatThrownBy(() -> room.require(START)).isInstanceOf(StorageFullException.class);
    free.set(112);
    room.require(START);
  }

  @Test
  void aCheckOfTheDiskExpires() {
    room.require(START);
    free.set(99);
    room.require(START.plusMillis(99));
    assertThatThrownBy(() -> room.require(START.plusMillis(100)))
        .isInstanceOf(StorageFullException.class);
  }

  @Test
  void aClockThatIsSetBackStaysInDoubt() {
    room.require(START);
    free.set(99);
    assertThatThrownBy(() -> room.require(START.minusMillis(1)))
        .isInstanceOf(StorageFullException.class);
  }

  @Test
  void aChunkChecksTheDiskEachTimeAndAFullDiskRefusesPutsToo() {
    room.require(START);
    free.set(99);
    assertThatThrownBy(() -> room.requireNow(START.plusMillis(1)))
        .isInstanceOf(StorageFullException.class);
    assertThatThrownBy(() -> room.require(START.plusMillis(2)))
        .isInstanceOf(StorageFullException.class);
  }

  @Test
  void aCheckByAChunkIsValidForPutsToo() {
    room.requireNow(START);
    free.set(99);
    room.require(START.plusMillis(99));
  }
}
