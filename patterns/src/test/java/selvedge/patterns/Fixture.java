package selvedge.patterns;

import java.time.Instant;
import selvedge.model.AccountId;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;

/** A namespace in memory and the same one at an edge with a lag, on one clock. */
final class Fixture {
  final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T12:00:00Z"));
  final MemoryNamespaces origin = new MemoryNamespaces(clock);
  final NamespaceId id = origin.create(new AccountId("a".repeat(32)), "n").id();
  final Namespace namespace = origin.open(id);
  final MemoryEdge edge = origin.edge();
  final Namespace late = edge.open(id);
}
