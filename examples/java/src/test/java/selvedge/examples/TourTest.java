package selvedge.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Selvedge;
import selvedge.model.testing.MemoryNamespaces;

final class TourTest {
  private static final String PRINTED =
      """
      cache: LOADER
      cache: CACHE
      session: {cart=a book}
      session: 1 ended
      settings: 10
      settings: 11
      flags: alice true, about half: true
      limiter: true true false
      lock: true
      events: Conflict[]
      events: 3
      counts: home
      bulk: 2500
      regions: true, from fra
      reader: 2
      """;

  @TempDir Path folder;

  private static String printed(Selvedge selvedge) {
    var out = new ByteArrayOutputStream();
    try (var print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      Tour.run(selvedge, print);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void theTourPrintsTheSameEmbeddedAndInMemory() {
    try (Selvedge selvedge = Selvedge.open(folder)) {
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
    }
    try (Selvedge selvedge = MemoryNamespaces.selvedge()) {
      assertThat(printed(selvedge)).isEqualTo(PRINTED);
    }
  }
}
