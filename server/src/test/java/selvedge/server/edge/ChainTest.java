package selvedge.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChainTest {
  private final Chain origin = new Chain(new Random(1));
  private final Chain fra = new Chain(new Random(2));
  private final Chain syd = new Chain(new Random(3));

  /** Returns the id of the process of a chain. */
  private static String id(Chain chain) {
    return chain.text().substring(chain.text().lastIndexOf(',') + 1);
  }

  @Test
  void namesTheServersFromTheOriginOn() {
    fra.follow(origin.text());
    syd.follow(fra.text());

    assertThat(origin.text()).matches("[0-9a-f]{16}");
    assertThat(syd.text()).isEqualTo(origin.text() + "," + id(fra) + "," + id(syd));
  }

  @Test
  void findsItselfInTheChainOfAFollower() {
    fra.follow(origin.text());
    syd.follow(fra.text());

    assertThat(fra.isIn(syd.text())).isTrue();
    assertThat(fra.isIn(origin.text())).isFalse();
    assertThat(fra.isIn("")).as("a server of an earlier version").isFalse();
  }

  @Test
  void everyServerOfACircleFindsItselfAsLongAsItLasts() {
    fra.follow(origin.text());
    syd.follow(fra.text());

    for (int i = 0; i < 200; i++) {
      assertThat(fra.follow(syd.text())).isTrue();
      assertThat(syd.follow(fra.text())).isTrue();
      assertThat(syd.text()).isEqualTo(id(fra) + "," + id(syd));
    }
    assertThat(fra.follow(origin.text())).isFalse();
    assertThat(syd.follow(fra.text())).isFalse();
  }

  @Test
  void beginsAgainWithoutTheServerThatItFollowed() {
    fra.follow(origin.text());

    fra.begin();

    assertThat(fra.text()).isEqualTo(id(fra));
  }

  @Test
  void doesNotPassOnAChainWithoutABound() {
    String endless =
        IntStream.range(0, 101).mapToObj(Integer::toString).collect(Collectors.joining(","));
    fra.follow(endless);

    assertThat(fra.text()).isEqualTo(id(fra));
  }
}
