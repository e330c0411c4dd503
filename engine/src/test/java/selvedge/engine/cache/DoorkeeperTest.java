package selvedge.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import selvedge.engine.store.Name;
import selvedge.model.Key;
import selvedge.model.NamespaceId;

final class DoorkeeperTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("0123456789abcdef0123456789abcdef");

  private final Doorkeeper doorkeeper = new Doorkeeper();

  private static Name name(int number) {
    return new Name(NAMESPACE, Key.of("key " + number));
  }

  @Test
  void recordsAName() {
    assertThat(doorkeeper.recordAgain(name(1))).isFalse();
    assertThat(doorkeeper.recordAgain(name(1))).isTrue();
    assertThat(doorkeeper.recordAgain(name(2))).isFalse();
  }

  @Test
  void recordsMostOfTenThousandNames() {
    IntStream.range(0, 10_000).forEach(number -> doorkeeper.recordAgain(name(number)));

    long known =
        IntStream.range(0, 10_000).filter(number -> doorkeeper.recordAgain(name(number))).count();

    assertThat(known).isGreaterThan(8_000);
  }

  @Test
  void forgetsNamesAfterManyOthers() {
    doorkeeper.recordAgain(name(0));
    IntStream.range(1, 1_000_000).forEach(number -> doorkeeper.recordAgain(name(number)));

    assertThat(doorkeeper.recordAgain(name(0))).isFalse();
  }
}
