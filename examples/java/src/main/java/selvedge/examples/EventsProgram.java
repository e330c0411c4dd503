package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Namespace;
import selvedge.patterns.EventStore;
import selvedge.patterns.EventStore.Appended;
import selvedge.patterns.EventStore.Draft;
import selvedge.patterns.EventStore.Event;
import selvedge.patterns.EventStore.Folded;

/** Keeps the history of an account and computes its balance. */
final class EventsProgram {
  private EventsProgram() {}

  private static long apply(long balance, Event event) {
    long amount = Long.parseLong(event.data().utf8());
    return event.type().equals("paid in") ? balance + amount : balance - amount;
  }

  static void run(Namespace namespace, PrintStream out) {
    // @start region="events"
    var events = new EventStore(namespace, "accounts/");
    Instant start = Instant.now();
    events.append("alice", "paid in", Bytes.utf8("100"));
    Event second = events.append("alice", "paid out", Bytes.utf8("30"));
    out.println("number " + second.number() + ", id of " + second.id().length() + " digits");

    // Decide by the state: the append fails if another writer has added an event.
    Folded<Long> balance = events.fold("alice", 0L, Codec.NUMBER, EventsProgram::apply);
    Draft draft = new Draft("paid out", "order-7", Bytes.utf8("50"));
    out.println(balance.state() + ": " + events.append("alice", balance.last(), draft));
    Appended late = events.append("alice", balance.last(), Draft.of("paid out", draft.data()));
    out.println("late: " + late);

    // A snapshot shortens the next fold.
    events.snapshot(
        "alice", events.fold("alice", 0L, Codec.NUMBER, EventsProgram::apply), Codec.NUMBER);
    out.println(events.latestSnapshot("alice", Codec.NUMBER).orElseThrow());
    out.println("since the start: " + events.readFrom("alice", start.minusSeconds(1)).count());
    try (EventStore.Projection projection = events.follow("alice", 3)) {
      out.println("followed: " + projection.next(Duration.ofSeconds(1)).orElseThrow().type());
    }
    // @end
  }
}
