package selvedge.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

final class LogEntryCodecTest {
  static List<LogEntry> entries() {
    return List.of(
        new LogEntry.Part(3, Bytes.utf8("part")),
        new LogEntry.Changes(4, Bytes.utf8("rest")),
        new LogEntry.Chunk(5, 77, Bytes.utf8("chunk")),
        new LogEntry.Abandoned(6, 78),
        new LogEntry.Proof(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("entries")
  void everyEntryIsDecodedAsItWasWritten(LogEntry entry) {
    assertThat(LogEntryCodec.decode(ByteBuffer.wrap(LogEntryCodec.encode(entry)))).isEqualTo(entry);
  }

  /** A log is read by later releases, so these bytes must not change. */
  @Test
  void theBytesOfFormOneStayAsTheyAre() {
    assertThat(HexFormat.of().formatHex(LogEntryCodec.encode(new LogEntry.Abandoned(6, 78))))
        .isEqualTo("01040000000000000006000000000000004e");
    assertThat(
            HexFormat.of()
                .formatHex(LogEntryCodec.encode(new LogEntry.Chunk(5, 77, Bytes.utf8("chunk")))))
        .isEqualTo("01030000000000000005000000000000004d6368756e6b");
  }

  @Test
  void anEntryOfANewerFormIsRefused() {
    byte[] newer = LogEntryCodec.encode(new LogEntry.Proof(1));
    newer[0] = 3;

    assertThatThrownBy(() -> LogEntryCodec.decode(ByteBuffer.wrap(newer)))
        .isInstanceOf(StoreUnusableException.class)
        .hasMessageContaining("form 3")
        .hasMessageContaining("start the newer release");
  }

  @Test
  void aCommitKeepsItsChangesAndNamesItsUploads() {
    List<Change> changes =
        List.of(
            change(5, new Mutation.Put(Key.of("a"), Bytes.utf8("1"), Metadata.NONE, Expiry.NEVER)),
            change(
                6,
                new Mutation.Put(
                    Key.of("b"), new UploadedValue(9, 1_000_000), Metadata.NONE, Expiry.NEVER)),
            change(7, new Mutation.Delete(Key.of("c"))),
            change(8, new Mutation.Clear(Bytes.utf8("d"))));

    List<Change> decoded = ChangesCodec.decode(ChangesCodec.encode(changes));

    assertThat(ChangesCodec.uploads(decoded)).containsExactly(9L);
    List<Change> whole =
        ChangesCodec.withValues(decoded, upload -> new UploadedValue(upload, 1_000_000));
    assertThat(whole).isEqualTo(changes);
  }

  private static Change change(long version, Mutation mutation) {
    return new Change(
        new Version(version), Instant.ofEpochSecond(1_800_000_000), NamespaceId.SYSTEM, mutation);
  }
}
