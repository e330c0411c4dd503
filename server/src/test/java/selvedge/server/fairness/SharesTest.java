package selvedge.server.fairness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class SharesTest {
  private static final Owner GREEDY = Owner.token("greedy");
  private static final Owner SECOND = Owner.token("second");
  private static final Owner THIRD = Owner.token("third");
  private static final Duration LONG = Duration.ofMinutes(1);

  private static int takeAll(Shares shares, Owner owner) {
    int taken = 0;
    while (shares.tryTake(owner, 1)) {
      taken++;
    }
    return taken;
  }

  @Test
  void oneOwnerAloneCanTakeAllButTheReserve() {
    var shares = Shares.ofPlaces(512);

    assertThat(takeAll(shares, GREEDY)).isEqualTo(448);
    assertThat(shares.ownerMax()).isEqualTo(448);
  }

  @Test
  void furtherOwnersGetAmountsFromTheReserve() {
    var shares = Shares.ofPlaces(512);
    takeAll(shares, GREEDY);

    assertThat(takeAll(shares, SECOND)).isEqualTo(56);
    assertThat(takeAll(shares, THIRD)).isEqualTo(7);
    assertThat(takeAll(shares, Owner.token("fourth"))).isEqualTo(1);
    assertThat(takeAll(shares, GREEDY)).isZero();
  }

  @Test
  void aTotalOfOnePlaceHasNoReserve() {
    var shares = Shares.ofPlaces(1);

    assertThat(shares.tryTake(GREEDY, 1)).isTrue();
    assertThat(shares.tryTake(SECOND, 1)).isFalse();

    shares.give(GREEDY, 1);

    assertThat(shares.tryTake(SECOND, 1)).isTrue();
  }

  @Test
  void aReleasedAmountGoesToTheWaiterThatHoldsLeast() throws Exception {
    var shares = Shares.ofPlaces(3);
    shares.tryTake(GREEDY, 2);
    shares.tryTake(SECOND, 1);
    Queue<String> order = new ConcurrentLinkedQueue<>();
    Thread greedy = waiting(() -> order.add(shares.take(GREEDY, 1, LONG) ? "greedy" : ""));
    Thread third = waiting(() -> order.add(shares.take(THIRD, 1, LONG) ? "third" : ""));

    shares.give(SECOND, 1);
    third.join();

    assertThat(order).containsExactly("third");

    shares.give(THIRD, 1);
    greedy.join();

    assertThat(order).containsExactly("third", "greedy");
  }

  private static Thread waiting(Runnable task) {
    Thread thread = Thread.ofPlatform().start(task);
    while (thread.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return thread;
  }

  @Test
  void takesNothingAfterTheTimeoutOrAboveTheMaximumOfAnOwner() {
    var shares = Shares.ofPlaces(80);

    assertThat(shares.take(GREEDY, 71, LONG)).isFalse();
    assertThat(shares.take(GREEDY, 70, LONG)).isTrue();
    assertThat(shares.take(GREEDY, 10, Duration.ZERO)).isFalse();
    assertThat(shares.used()).isEqualTo(70);
  }

  @Test
  void leasesThatGrowDoNotDeadlock() throws Exception {
    var shares = Shares.ofPlaces(4);
    var one = new Reservation(shares, () -> GREEDY);
    var other = new Reservation(shares, () -> SECOND);
    one.tryHold(2);
    other.tryHold(2);
    List<Thread> threads =
        Stream.of(one, other)
            .map(
                reservation ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              reservation.hold(4, LONG);
                              reservation.close();
                            }))
            .toList();

    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(shares.used()).isZero();
  }

  @Test
  void addressesOfOneIpv6NetworkHaveOneOwner() throws Exception {
    assertThat(owner("2001:db8::1")).isEqualTo(owner("2001:db8::2"));
    assertThat(owner("2001:db8::1")).isNotEqualTo(owner("2001:db8:0:1::1"));
    assertThat(owner("192.0.2.1")).isNotEqualTo(owner("192.0.2.2"));
  }

  private static Owner owner(String address) throws Exception {
    return Owner.address(new InetSocketAddress(InetAddress.getByName(address), 1));
  }
}
