package selvedge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;

final class TourTest {
  private static final List<String> PRINTED =
      """
      cache: <h1>home</h1> from LOADER
      cache: <h1>home</h1> from CACHE
      cache: again from LOADER
      cache: warmed 2
      cache: banner: false
      sessions: alice a book
      sessions: visits: 1
      sessions: used after it was created: true
      sessions: used after it was created: true
      sessions: ended: 2
      sessions: found: false
      settings: imported: 2
      settings: limit: 5
      settings: host: 10.0.0.1
      settings: {limit=5}
      settings: changed to 20
      settings: {"description":"requests in a minute"}
      settings: updated to 21
      flags: alice: true
      flags: without a flag: true
      flags: bob: true
      flags: anonymous: true
      flags: off: false
      flags: {owner=shop team}
      limits: allowed, 1 left
      limits: allowed, 0 left
      limits: refused, fields [RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After]
      limits: upload: 7
      limits: burst: true
      locks: written: true
      locks: until later: true
      locks: lost: lock/job
      election: the leader does its work
      election: the leader does its work
      election: the leader does its work
      election: free again: true
      queue: send to alice
      queue: send to bob
      queue: left: 0
      queue: without an address: no address
      events: number 2, id of 32 digits
      events: 70: At[number=3]
      events: late: Conflict[]
      events: Folded[state=20, last=3]
      events: since the start: 3
      events: followed: paid out
      counts: alice {"book":1}
      counts: view 2
      counts: order 1
      bulk: first: 2501, complete: true
      bulk: again: 2500, failed: [imported]
      bulk: found: [bulk/7]
      regions: alice from fra
      regions: {"by":"alice"}, age known: true
      reader: found: 500
      """
          .lines()
          .toList();

  @TempDir Path folder;

  private static List<String> printed(Selvedge selvedge) throws InterruptedException {
    List<String> lines = new ArrayList<>();
    for (String name : Tour.names()) {
      var out = new ByteArrayOutputStream();
      try (var print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
        Tour.run(name, selvedge, print);
      }
      out.toString(StandardCharsets.UTF_8).lines().forEach(line -> lines.add(name + ": " + line));
    }
    return lines;
  }

  @Test
  void theProgramsPrintTheSameEmbeddedAndInMemory() throws InterruptedException {
    try (Selvedge selvedge = Selvedge.open(folder)) {
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
    }
    try (Selvedge selvedge = MemoryNamespaces.selvedge()) {
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
    }
  }
}
