package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

final class FlagsTest {
  private static final int USERS = 20_000;

  private final Fixture at = new Fixture();
  private final Flags flags = new Flags(at.namespace, "flag/", new Random(1), at.clock);

  private static long on(IntFunction<Boolean> isOn) {
    return IntStream.range(0, USERS).filter(isOn::apply).count();
  }

  @Test
  void aFlagThatDoesNotExistIsOff() {
    assertThat(flags.isOn("new", "alice")).isFalse();
    assertThat(flags.isOn("new")).isFalse();
    flags.change("new", flag -> flag.rolledOutTo(100));
    flags.remove("new");
    assertThat(flags.all()).isEmpty();
  }

  @Test
  void aShareIsExactToAHundredthOfAPercent() {
    flags.change("half", flag -> flag.rolledOutTo(50));
    flags.change("few", flag -> flag.rolledOutTo(0.5));
    assertThat(on(i -> flags.isOn("half", "user" + i))).isBetween(9_700L, 10_300L);
    assertThat(on(i -> flags.isOn("few", "user" + i))).isBetween(60L, 140L);
  }

  @Test
  void aHashOfOneByteCannotExpressASmallShare() {
    long naive = on(i -> (("user" + i).hashCode() & 0xff) * 100 / 256.0 < 0.5);
    assertThat(naive).matches(count -> count < 85 || count > 115);
  }

  @Test
  void usersKeepAGrowingFlagAndFlagsSelectDifferentUsers() {
    flags.change("a", flag -> flag.rolledOutTo(20));
    flags.change("b", flag -> flag.rolledOutTo(20));
    long both = on(i -> flags.isOn("a", "user" + i) && flags.isOn("b", "user" + i));
    assertThat(both).isBetween(600L, 1000L);
    Set<Integer> before =
        Set.copyOf(
            IntStream.range(0, 500).filter(i -> flags.isOn("a", "user" + i)).boxed().toList());
    flags.change("a", flag -> flag.rolledOutTo(40));
    assertThat(before).allMatch(i -> flags.isOn("a", "user" + i));
  }

  @Test
  void everyProcessSelectsTheSameUsers() {
    Flag flag = Flag.off("stable").rolledOutTo(50);
    // SHA-256 of "stable\nuser2" maps this user to 49.1, and user6 to 69.0.
    assertThat(flag.isOn(Caller.of("user2"), Instant.EPOCH, new Random(1))).isTrue();
    assertThat(flag.isOn(Caller.of("user6"), Instant.EPOCH, new Random(1))).isFalse();
    assertThat(Flag.CODEC.decode(Flag.CODEC.encode(flag))).isEqualTo(flag);
  }

  @Test
  void aFlagIsOnForAllowedUsersAndForAShareOfTheCallsOfAnonymousCallers() {
    flags.change("beta", flag -> flag.allowing("alice"));
    assertThat(flags.isOn("beta", "alice")).isTrue();
    assertThat(flags.isOn("beta", "bob")).isFalse();
    assertThat(on(i -> flags.isOn("beta"))).isZero();
    flags.change("beta", flag -> flag.rolledOutTo(25));
    assertThat(on(i -> flags.isOn("beta"))).isBetween(4_700L, 5_300L);
    flags.change("beta", flag -> flag.rolledOutTo(100));
    assertThat(on(i -> flags.isOn("beta"))).isEqualTo(USERS);
    flags.change("other", flag -> flag);
    assertThat(flags.all(Caller.of("bob"))).isEqualTo(Map.of("beta", true, "other", false));
  }

  @Test
  void concurrentChangesAreAllKept() throws InterruptedException {
    var number = new AtomicInteger();
    Crowd.of(
        Crowd.SIZE,
        () -> flags.change("beta", flag -> flag.allowing("user" + number.incrementAndGet())));
    assertThat(flags.get("beta").users()).hasSizeGreaterThanOrEqualTo(Crowd.SIZE);
  }

  @Test
  void refusesSharesOutsideZeroToAHundred() {
    assertThatThrownBy(() -> Flag.off("x").rolledOutTo(101))
        .isInstanceOf(InvalidRequestException.class);
    assertThatThrownBy(() -> Flag.CODEC.decode(Bytes.utf8("?")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is not a flag");
  }

  @Test
  void aUserThatIsAllowedOnAFlagThatIsOffDoesNotTurnItOnForOthers() {
    flags.change("beta", flag -> flag.rolledOutTo(100));
    flags.change("beta", Flag::off);
    flags.change("beta", flag -> flag.allowing("alice"));
    assertThat(flags.isOn("beta", "bob")).isFalse();
    assertThat(on(i -> flags.isOn("beta"))).isZero();
    assertThat(flags.isOn("beta", "alice")).isTrue();
  }

  @Test
  void aNameWithALineBreakIsRefusedAndGrantsNoOtherUser() {
    for (String name : List.of("a\rmallory", "a\nmallory", "a\r\nmallory")) {
      try {
        flags.change("beta", flag -> flag.allowing(name));
      } catch (InvalidRequestException e) {
        assertThat(e).hasMessageContaining("control character");
      }
      assertThat(flags.isOn("beta", "mallory")).isFalse();
    }
  }

  @Test
  void aFlagWithAnEmptySaltIsReadAndChanged() {
    flags.change("beta", flag -> new Flag(true, List.of(FlagRule.percent(100)), "", Map.of()));
    assertThat(flags.isOn("beta", "alice")).isTrue();
    assertThat(flags.all(Caller.of("alice"))).containsEntry("beta", true);
    flags.change("beta", flag -> flag.rolledOutTo(0));
    assertThat(flags.isOn("beta", "alice")).isFalse();
  }

  @Test
  void aBrokenEntryDoesNotHideOtherFlags() {
    flags.change("beta", flag -> flag.rolledOutTo(100));
    at.namespace.put("flag/broken", "?");
    assertThat(flags.all(Caller.of("alice")))
        .containsEntry("beta", true)
        .containsEntry("broken", false);
    flags.change("broken", flag -> flag.rolledOutTo(100));
    assertThat(flags.isOn("broken", "alice")).isTrue();
  }

  @Test
  void aFlagWithoutAFormNumberIsReadAndChangesAreWrittenWithOne() {
    at.namespace.put("flag/beta", "on\n50.0\nbeta\nalice");
    assertThat(flags.get("beta"))
        .isEqualTo(
            new Flag(
                true, List.of(FlagRule.users("alice"), FlagRule.percent(50)), "beta", Map.of()));
    at.namespace.put("flag/old", "on\n0.0\nold\na\rmallory\nbob");
    assertThat(flags.get("old").users()).containsExactly("bob");
    flags.change("beta", Flag::off);
    assertThat(at.namespace.getText("flag/beta"))
        .contains(
            "{\"form\":1,\"enabled\":false,\"salt\":\"beta\",\"rules\":[{\"users\":[\"alice\"]},"
                + "{\"percent\":50.0}],\"metadata\":{}}");
    assertThat(flags.isOn("beta", "alice")).isFalse();
    flags.change("beta", flag -> flag.on().withdrawing("alice"));
    assertThat(flags.get("beta").users()).isEmpty();
  }

  @Test
  void aDefaultAppliesOnlyToAFlagThatDoesNotExist() {
    assertThat(flags.isOn("none", "alice", true)).isTrue();
    assertThat(flags.isOn("none", Caller.anonymous(), true)).isTrue();
    flags.change("none", Flag::off);
    assertThat(flags.isOn("none", "alice", true)).isFalse();
  }

  @Test
  void rulesSelectCallersByTimeAndAttributeAndCombineWithShares() {
    Instant start = at.clock.instant().plus(Duration.ofHours(1));
    FlagRule june = FlagRule.between(start, start.plus(Duration.ofHours(1)));
    FlagRule germans = FlagRule.attribute("country", "DE", "AT");
    flags.change("sale", flag -> flag.allowing(FlagRule.all(june, germans)));
    Caller caller = Caller.of("alice").attribute("country", "DE");
    assertThat(flags.isOn("sale", caller)).isFalse();
    at.clock.advance(Duration.ofHours(1));
    assertThat(flags.isOn("sale", caller)).isTrue();
    assertThat(flags.isOn("sale", Caller.anonymous().attribute("country", "AT"))).isTrue();
    assertThat(flags.isOn("sale", Caller.of("alice").attribute("country", "FR"))).isFalse();
    assertThat(flags.isOn("sale", "alice")).isFalse();
    at.clock.advance(Duration.ofHours(1));
    assertThat(flags.isOn("sale", caller)).isFalse();

    flags.change("half", flag -> flag.allowing(FlagRule.all(germans, FlagRule.percent(50))));
    assertThat(on(i -> flags.isOn("half", Caller.of("u" + i).attribute("country", "DE"))))
        .isBetween(9_700L, 10_300L);
    assertThat(on(i -> flags.isOn("half", "u" + i))).isZero();
    flags.change("half", flag -> flag.withdrawing(FlagRule.all(germans, FlagRule.percent(50))));
    assertThat(flags.get("half").rules()).isEmpty();
  }

  @Test
  void aRuleThatIsAllowedOnAFlagThatIsOffDoesNotTurnItOnForOthers() {
    flags.change("beta", flag -> flag.rolledOutTo(100).off());
    flags.change("beta", flag -> flag.allowing(FlagRule.attribute("plan", "team")));
    assertThat(flags.isOn("beta", "bob")).isFalse();
    assertThat(flags.isOn("beta", Caller.of("bob").attribute("plan", "team"))).isTrue();
  }

  @Test
  void refusesRulesThatCannotMatch() {
    Instant now = at.clock.instant();
    assertThatThrownBy(() -> FlagRule.between(now, now))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("after its beginning");
    assertThat(FlagRule.users("a", "a")).isEqualTo(FlagRule.users("a"));
    assertThatThrownBy(FlagRule::all).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void everyPartOfAFlagIsReadAsItWasWritten() {
    Instant now = at.clock.instant();
    Flag flag =
        Flag.off("x")
            .allowing("\"\u00e9\\ \ud83d\ude00")
            .rolledOutTo(0.1)
            .allowing(FlagRule.all(FlagRule.between(Instant.MIN, now), FlagRule.users("a", "b")))
            .allowing(FlagRule.between(now, Instant.MAX))
            .allowing(FlagRule.attribute("country", "DE", "FR"))
            .metadata("owner", "search\nteam");
    assertThat(Flag.CODEC.decode(Flag.CODEC.encode(flag))).isEqualTo(flag);
    flags.change("x", before -> flag);
    assertThat(flags.all()).isEqualTo(Map.of("x", flag));
  }
}
