package selvedge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.DataKeys;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.store.journal.Journal;
import selvedge.engine.store.journal.JournalFile;
import selvedge.engine.store.journal.JournalScan;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.FeedPoint;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.RowSeal;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.engine.work.Threads;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The examples of docs/reference/storage.md are what the codecs write and read. */
final class StorageDocumentTest {
  private static final Path DOCUMENT = Path.of("../docs/reference/storage.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^example ([a-z ]+): ([0-9a-f]+)$");
  private static final NamespaceId NAMESPACE = new NamespaceId("0123456789abcdef0123456789abcdef");
  private static final Key KEY = Key.of("greeting");
  private static final Version VERSION = new Version(42);
  private static final Expiry EXPIRY = Expiry.at(Instant.parse("2027-01-01T00:00:00Z"));
  private static final Metadata METADATA = Metadata.json("{\"a\":1}");
  private static final Stored INLINE = new Stored.Inline(Bytes.utf8("hello"));
  private static final Stored.Chunked CHUNKED =
      new Stored.Chunked(new ValueId(3, 7), 300_000, 262_144);
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00Z");

  private static final long MARK = 0x5e1fed6ebadc0ffeL;

  private static final FeedRow DELETE = new FeedRow(AT, NAMESPACE, new FeedRow.Action.Delete(KEY));

  private final Map<String, byte[]> rows =
      new TreeMap<>(
          Map.of(
              "entry key", KeySpace.entry(NAMESPACE, KEY.bytes()),
              "inline entry", new EntryRow(VERSION, EXPIRY, METADATA, INLINE).encode(),
              "chunked entry", new EntryRow(VERSION, Expiry.NEVER, Metadata.NONE, CHUNKED).encode(),
              "index row", new IndexRow(VERSION, EXPIRY, 5, METADATA).encode(),
              "feed put",
                  new FeedRow(AT, NAMESPACE, new FeedRow.Action.Put(KEY, EXPIRY, METADATA, INLINE))
                      .encode(),
              "feed delete", DELETE.encode(),
              "journal header",
                  new JournalFile(Path.of("1.journal"), 3, new Version(41), MARK).header().array(),
              "journal batch", batch(new JournalRow(VERSION, DELETE)),
              "feed point", new FeedPoint(VERSION, AT.toEpochMilli(), 1000).encode()));

  private static byte[] batch(JournalRow row) {
    ByteBuffer buffer = ByteBuffer.allocate(JournalScan.HEADER_BYTES + row.size());
    JournalScan.pack(buffer, MARK, new Version(41), 0, new Version(40), List.of(row));
    return buffer.array();
  }

  @Test
  void theExamplesAreWhatTheCodecsWrite() throws IOException {
    Map<String, String> examples = examples();
    examples.keySet().removeIf(name -> name.startsWith("old ") || name.startsWith("encrypted "));
    Map<String, String> written = new TreeMap<>();
    rows.forEach((name, row) -> written.put(name, HexFormat.of().formatHex(row)));
    assertThat(examples).isEqualTo(written);
  }

  private static Map<String, String> examples() throws IOException {
    String document = Files.readString(DOCUMENT);
    Map<String, String> examples = new TreeMap<>();
    Matcher matcher = EXAMPLE.matcher(document);
    while (matcher.find()) {
      examples.put(matcher.group(1), matcher.group(2));
    }
    return examples;
  }

  @Test
  void theCodecsReadWhatTheyWrite() {
    assertThat(EntryRow.decode(row("inline entry"), "entries"))
        .isEqualTo(new EntryRow(VERSION, EXPIRY, METADATA, INLINE));
    assertThat(EntryRow.decode(row("chunked entry"), "entries"))
        .isEqualTo(new EntryRow(VERSION, Expiry.NEVER, Metadata.NONE, CHUNKED));
    assertThat(IndexRow.decode(new RowReader(row("index row"), "index")).listed(Key.of("k")))
        .isEqualTo(new Listed(Key.of("k"), METADATA, EXPIRY, VERSION, 5));
    assertThat(FeedRow.decode(row("feed delete"), "feed"))
        .isEqualTo(new FeedRow(AT, NAMESPACE, new FeedRow.Action.Delete(KEY)));
  }

  @Test
  void theJournalOfFormat2IsStillRead(@TempDir Path directory) throws IOException {
    Map<String, String> examples = examples();
    String file = examples.get("old journal header") + examples.get("old journal batch");
    Files.write(directory.resolve("0000000001.journal"), HexFormat.of().parseHex(file));

    try (Journal journal =
        new Journal(directory, Version.NONE, 4, MARK, Threads.PLATFORM, Journal.FILE_BYTES)) {
      assertThat(journal.lastOpening()).isEqualTo(3);
      assertThat(journal.read(new Version(41), VERSION, 10))
          .containsExactly(new JournalRow(VERSION, DELETE));
    }
  }

  @Test
  void theEncryptedRowsAreRead(@TempDir Path directory) throws IOException {
    Matcher file =
        Pattern.compile("(?s)```\n(selvedge encryption 1\n.*?)```")
            .matcher(Files.readString(DOCUMENT));
    assertThat(file.find()).isTrue();
    Path keys = directory.resolve("encryption");
    Files.writeString(keys, file.group(1));
    String master = "000102030405060708090a0b0c0d0e0f";
    RowSeal seal =
        RowSeal.under(
            DataKeys.open(
                keys, MasterKeys.text(master + "101112131415161718191a1b1c1d1e1f", "the page")));
    byte[] entry = KeySpace.entry(NAMESPACE, KEY.bytes());
    var put = new FeedRow.Action.Put(KEY, EXPIRY, METADATA, INLINE);

    assertThat(EntryRow.decode(example("encrypted entry"), entry, seal, "entries"))
        .isEqualTo(new EntryRow(VERSION, EXPIRY, METADATA, INLINE));
    assertThat(IndexRow.decode(entry, new RowReader(example("encrypted index row"), "index"), seal))
        .isEqualTo(new IndexRow(VERSION, EXPIRY, 5, METADATA));
    assertThat(change("encrypted feed put", seal)).isEqualTo(put);
    assertThat(change("encrypted feed delete", seal)).isEqualTo(DELETE.action());
    assertThat(seal.openChunk(new ValueId(3, 7), 1, example("encrypted chunk"), 5, "chunks"))
        .isEqualTo(Bytes.utf8("world").toArray());
  }

  private static FeedRow.Action change(String name, RowSeal seal) throws IOException {
    FeedRow row = FeedRow.decode(example(name), "feed");
    assertThat(row.encode()).isEqualTo(example(name));
    return RowSeal.plain(seal.open(new JournalRow(VERSION, row), "feed"));
  }

  private static byte[] example(String name) throws IOException {
    return HexFormat.of().parseHex(examples().getOrDefault(name, ""));
  }

  private byte[] row(String name) {
    return rows.getOrDefault(name, new byte[0]);
  }
}
