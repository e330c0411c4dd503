package selvedge.benchmarks.race;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.benchmarks.BareRocks;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Profile;

/** Fills a small store like the race fills large ones, and reads it like the contestants. */
final class ManyKeysTest {
  private static final long KEYS = 7_000;
  private static final long CACHE_BYTES = 1 << 20;
  private static final Duration MOMENT = Duration.ofMillis(20);

  @TempDir private Path folder;
  private ManyKeys many = new ManyKeys(Path.of(""), 0, discarded());

  private static PrintWriter discarded() {
    return new PrintWriter(Writer.nullWriter());
  }

  @BeforeEach
  void fill() {
    many = new ManyKeys(folder, KEYS, discarded());
  }

  @Test
  void eachLinkedStoreIsComplete() throws Exception {
    for (String name : List.of("one", "other")) {
      Path place = folder.resolve(name);
      many.linkTo(place);

      try (RocksStore store = open(place)) {
        Lookup last = store.get(many.namespace(), Key.of(ManyKeys.name(KEYS - 1)));
        assertThat(last).isInstanceOf(Lookup.Found.class);
        assertThat(((Lookup.Found) last).entry().value())
            .isEqualTo(Bytes.utf8(ManyKeys.value(KEYS - 1)));
      }
    }
    assertThat(many.bytesOnDisk()).isBetween(many.bytes(), 2 * many.bytes());
  }

  private static RocksStore open(Path data) {
    return RocksStore.open(
        new StoreDirectory(data).store(),
        Limits.of(Profile.OPEN),
        InstantSource.system(),
        new SplittableRandom(1));
  }

  @Test
  void aboutHalfOfAValueCompresses() {
    Deflater deflater = new Deflater();
    deflater.setInput(ManyKeys.value(4711).getBytes(StandardCharsets.US_ASCII));
    deflater.finish();
    int bytes = deflater.deflate(new byte[2 * ManyKeys.BYTES]);
    deflater.end();

    assertThat(bytes).isBetween(ManyKeys.BYTES / 3, ManyKeys.BYTES * 2 / 3);
  }

  @Test
  void rocksAloneReadsTheRowsOfTheStore() throws Exception {
    Path place = folder.resolve("place");
    many.linkTo(place);

    try (BareRocks alone =
        new BareRocks(new StoreDirectory(place).store(), many.namespace(), CACHE_BYTES)) {
      assertThat(alone.gets(KEYS, MOMENT).operations()).isPositive();
      assertThat(alone.pages(0, MOMENT).operations()).isPositive();
      assertThat(alone.pages(KEYS - 1000, MOMENT).median()).isPositive();
    }
  }

  @Test
  void rocksAloneRunsInASeparateProcess() throws Exception {
    Environment field = new Environment(folder, folder, discarded(), Map.of());

    try (Rocks gets = Rocks.gets(field, "gets", many, CACHE_BYTES);
        Rocks pages = Rocks.pages(field, "pages", many, CACHE_BYTES, 1000);
        Rocks puts = Rocks.puts(field, "puts", 4)) {
      for (Rocks each : List.of(gets, pages, puts, gets, pages, puts)) {
        BareRocks.Counted counted = each.turn(MOMENT);
        assertThat(counted.operations()).isPositive();
        assertThat(counted.p99()).isGreaterThanOrEqualTo(counted.median());
      }
    }
  }
}
