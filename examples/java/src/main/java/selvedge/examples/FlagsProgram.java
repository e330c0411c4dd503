package selvedge.examples;

import java.io.PrintStream;
import java.time.Instant;
import java.util.stream.IntStream;
import selvedge.model.Namespace;
import selvedge.patterns.Caller;
import selvedge.patterns.Flag;
import selvedge.patterns.FlagRule;
import selvedge.patterns.Flags;

/** Turns features on for some callers. */
final class FlagsProgram {
  private FlagsProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="flags"
    var flags = new Flags(namespace, "flag/");
    flags.change("beta", flag -> flag.rolledOutTo(50).allowing("alice"));
    out.println("alice: " + flags.isOn("beta", "alice"));
    out.println("without a flag: " + flags.isOn("none", "alice", true));

    // Callers of a country, until the end of a year.
    FlagRule germans = FlagRule.attribute("country", "DE");
    FlagRule thisYear = FlagRule.between(Instant.MIN, Instant.parse("2999-01-01T00:00:00Z"));
    flags.change(
        "sale",
        flag -> flag.allowing(FlagRule.all(germans, thisYear)).metadata("owner", "shop team"));
    Caller caller = Caller.of("bob").attribute("country", "DE");
    out.println("bob: " + flags.isOn("sale", caller));

    // Anonymous callers are placed at random: about half of the calls.
    long on = IntStream.range(0, 1000).filter(_ -> flags.isOn("beta")).count();
    out.println("anonymous: " + (on > 400 && on < 600));

    // Off for every caller; on() brings back the same users and rules.
    flags.change("sale", Flag::off);
    out.println("off: " + flags.isOn("sale", caller));
    // @end
    out.println(flags.get("sale").metadata());
  }
}
