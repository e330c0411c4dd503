package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecentValuesTest {
  private final RecentValues<Integer> values = new RecentValues<>(100);

  private void put(int... numbers) {
    IntStream.of(numbers).forEach(number -> values.put("k" + number, number, 10));
  }

  private long size() {
    return IntStream.range(0, 1000).filter(i -> values.find("k" + i).isPresent()).count();
  }

  @Test
  void returnsTheValueThatWasStoredLast() {
    put(1);
    values.put("k1", 2, 10);

    assertThat(values.find("k1")).contains(2);
    assertThat(values.find("k2")).isEmpty();
  }

  @Test
  void keepsAValueThatIsUsed() {
    put(0);
    for (int i = 1; i < 100; i++) {
      put(i);
      assertThat(values.find("k0")).as("after %d others", i).contains(0);
    }
  }

  @Test
  void holdsNoMoreThanItsWeight() {
    put(IntStream.range(0, 1000).toArray());

    assertThat(size()).isBetween(1L, 11L);
  }

  @Test
  void aValueThatIsStoredAgainAndAgainReplacesNoOther() {
    put(1);
    put(IntStream.generate(() -> 2).limit(1000).toArray());

    assertThat(values.find("k1")).contains(1);
  }

  @Test
  void doesNotStoreAValueThatHasMoreThanHalfOfTheWeight() {
    values.put("k1", 1, 51);

    assertThat(values.find("k1")).isEmpty();
  }
}
