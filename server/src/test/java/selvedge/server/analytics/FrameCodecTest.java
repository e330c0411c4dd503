package selvedge.server.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import selvedge.model.NamespaceId;

/** Frames are read as they were written. */
final class FrameCodecTest {
  private static final Path DOCUMENT = Path.of("../docs/reference/analytics.md");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^example frame: ([0-9a-f]+)$");
  private static final NamespaceId NAMESPACE = new NamespaceId("0123456789abcdef0123456789abcdef");

  private static Frame frame() {
    var durations = new Sketch();
    durations.add(12_000);
    durations.add(12_000);
    durations.add(1_000_000);
    Row row = new Row(NAMESPACE, "fra", Operation.READ, 200, 0, 300, durations);
    return new Frame(
        1_796_040_000L, 5, "edge", 3, List.of(row), List.of(new Stored(NAMESPACE, 7, 1234)));
  }

  @Test
  void aFrameIsReadAsItWasWritten() {
    ByteBuffer bytes = FrameCodec.encode(frame()).asReadOnlyBuffer();
    assertThat(FrameCodec.decode(bytes)).contains(frame());
    assertThat(bytes.hasRemaining()).isFalse();
  }

  @Test
  void noDamagedOrShortenedFrameIsRead() {
    byte[] bytes = FrameCodec.encode(frame()).toArray();
    for (int index = 0; index < bytes.length; index++) {
      byte[] damaged = bytes.clone();
      damaged[index] ^= 1;
      assertThat(FrameCodec.decode(ByteBuffer.wrap(damaged))).isEmpty();
      assertThat(FrameCodec.decode(ByteBuffer.wrap(bytes, 0, index))).isEmpty();
    }
  }

  @Test
  void theExampleOfTheDocumentIsWhatTheCodecWrites() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(DOCUMENT));
    assertThat(example.find()).isTrue();
    assertThat(example.group(1))
        .isEqualTo(HexFormat.of().formatHex(FrameCodec.encode(frame()).toArray()));
  }
}
