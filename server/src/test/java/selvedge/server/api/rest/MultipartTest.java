package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;

/** The parser of forms with random forms in pieces of random sizes. */
final class MultipartTest {
  private static final int ROUNDS = 2000;
  private static final String BOUNDARY = "-a-";
  private static final String[] SCRAPS = {
    "\r\n",
    "\r",
    "\n",
    "--",
    "-",
    BOUNDARY,
    "\r\n--",
    "\r\n--" + BOUNDARY.substring(0, 2),
    "x",
    "",
    "\r\n\r\n",
    "\u00ff"
  };

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private record Part(String name, Bytes content) {}

  /** A stream that returns a random number of bytes at a time. */
  private static final class ChoppyStream extends FilterInputStream {
    private final Random random;

    ChoppyStream(InputStream in, Random random) {
      super(in);
      this.random = random;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return super.read(target, offset, Math.min(length, 1 + random.nextInt(7)));
    }
  }

  private Bytes content() {
    var content = new ByteArrayOutputStream();
    int scraps = random.nextInt(10);
    for (int i = 0; i < scraps; i++) {
      content.writeBytes(latin(SCRAPS[random.nextInt(SCRAPS.length)]));
    }
    if (random.nextInt(20) == 0) {
      content.writeBytes(new byte[random.nextInt(40_000)]);
    }
    return Bytes.adopt(content.toByteArray());
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private List<Part> parts() {
    List<Part> parts = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Bytes content = content();
      boolean holdsDelimiter =
          new String(content.toArray(), StandardCharsets.ISO_8859_1).contains("\r\n--" + BOUNDARY);
      parts.add(new Part("part " + i, holdsDelimiter ? Bytes.EMPTY : content));
    }
    return parts;
  }

  private static byte[] form(List<Part> parts) {
    var form = new ByteArrayOutputStream();
    for (Part part : parts) {
      form.writeBytes(
          latin(
              "--"
                  + BOUNDARY
                  + "\r\nContent-Disposition: form-data; name=\""
                  + part.name()
                  + "\"\r\n\r\n"));
      form.writeBytes(part.content().toArray());
      form.writeBytes(latin("\r\n"));
    }
    form.writeBytes(latin("--" + BOUNDARY + "--\r\n"));
    return form.toByteArray();
  }

  private List<Part> read(byte[] form, boolean skipSome) throws IOException {
    var parser = new Multipart(new ChoppyStream(new ByteArrayInputStream(form), random), BOUNDARY);
    List<Part> read = new ArrayList<>();
    for (Optional<Multipart.Part> next = parser.next(); next.isPresent(); next = parser.next()) {
      if (skipSome && random.nextBoolean()) {
        read.add(new Part(next.get().name(), Bytes.EMPTY));
      } else {
        read.add(new Part(next.get().name(), Bytes.adopt(next.get().content().readAllBytes())));
      }
    }
    return read;
  }

  @Test
  void readsRandomForms() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      List<Part> parts = parts();

      assertThat(read(form(parts), false))
          .as("round %d with -Dseed=%d", round, seed)
          .isEqualTo(parts);
    }
  }

  @Test
  void findsTheNextPartAfterAnUnreadOne() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      List<Part> parts = parts();

      assertThat(read(form(parts), true).stream().map(Part::name))
          .as("round %d with -Dseed=%d", round, seed)
          .isEqualTo(parts.stream().map(Part::name).toList());
    }
  }

  @Test
  void refusesMalformedFormsAndThrowsNothingElse() throws IOException {
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] form = form(parts());
      int cuts = 1 + random.nextInt(3);
      for (int i = 0; i < cuts; i++) {
        form[random.nextInt(form.length)] = (byte) random.nextInt(256);
      }
      try {
        read(form, false);
      } catch (RestFailure e) {
        refused++;
      }
    }
    assertThat(refused).as("with -Dseed=%d", seed).isGreaterThan(ROUNDS / 10);
  }

  @Test
  void readsNamesOfBrowsersAndLibraries() throws IOException {
    for (String header :
        List.of(
            "Content-Disposition: form-data; name=\"va\\\"lue\"",
            "content-disposition: FORM-DATA; name=\"va%22lue\"; filename=\"name=x\"",
            "Content-Type: text/plain\r\nContent-Disposition: form-data;name=\"va\\\"lue\"")) {
      byte[] form = latin("--" + BOUNDARY + "\r\n" + header + "\r\n\r\n1\r\n--" + BOUNDARY + "--");

      assertThat(read(form, false)).containsExactly(new Part("va\"lue", Bytes.utf8("1")));
    }
  }

  @Test
  void ignoresTheFileName() throws IOException {
    byte[] form =
        latin(
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; filename=\"; name=\\\"no\\\"\"; name=value"
                + "\r\n\r\n1\r\n--"
                + BOUNDARY
                + "--");

    assertThat(read(form, false)).containsExactly(new Part("value", Bytes.utf8("1")));
  }

  @Test
  void readsAHeaderWithManyEscapes() throws IOException {
    byte[] form =
        latin(
            "--"
                + BOUNDARY
                + "\r\nContent-Disposition: form-data; filename=\""
                + "\\\"".repeat(4000)
                + "\"; name=value\r\n\r\n1\r\n--"
                + BOUNDARY
                + "--");

    assertThat(read(form, false)).containsExactly(new Part("value", Bytes.utf8("1")));
  }
}
