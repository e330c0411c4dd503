package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Lookup;

/**
 * Fuzzes the boundary of forms: its form in the header, and lines of the value that resemble it. A
 * valid form must store exactly its value.
 */
public final class BoundaryTarget {
  private static final FuzzedApis FACES = new FuzzedApis();
  private static final Key KEY = Key.of("form");
  private static final String ALLOWED = "abcXYZ0189'()+_,-./:=?";

  private BoundaryTarget() {}

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    String boundary = boundary(data);
    byte[] value = value(data, boundary);
    boolean quoted =
        boundary.matches(".*[()<>@,;:\\\\\"/\\[\\]?={} \\t].*") || data.consumeBoolean();
    String header = "multipart/form-data; boundary=" + (quoted ? "\"" + boundary + "\"" : boundary);
    boolean mutates = data.consumeInt(0, 3) == 0;
    if (mutates) {
      header += data.consumeAsciiString(12).replaceAll("\\p{Cntrl}", "_");
    }
    byte[] body = body(boundary, value);
    if (mutates && data.consumeBoolean()) {
      body[data.consumeInt(0, body.length - 1)] = data.consumeByte();
    }
    String path =
        "/client/v4/accounts/%s/storage/kv/namespaces/%s/values/%s"
            .formatted(FuzzedApis.ACCOUNT, FACES.namespace(), KEY.name());
    FACES.send(
        new FuzzedRequest(
            "PUT",
            path,
            "",
            Map.of("content-type", header),
            Bytes.adopt(body),
            data.consumeBoolean()));
    if (!mutates) {
      Optional<Bytes> stored =
          FACES.get(KEY) instanceof Lookup.Found(var entry, var _)
              ? Optional.of(entry.value().bytes())
              : Optional.empty();
      if (!stored.equals(Optional.of(Bytes.adopt(value)))) {
        throw new AssertionError(
            "the boundary "
                + boundary
                + " stores "
                + stored.map(Bytes::hex)
                + " for "
                + Bytes.copyOf(value).hex());
      }
    }
  }

  private static String boundary(FuzzedDataProvider data) {
    var boundary = new StringBuilder();
    int length = data.consumeInt(1, 70);
    for (int i = 0; i < length; i++) {
      boundary.append(ALLOWED.charAt(data.consumeInt(0, ALLOWED.length() - 1)));
    }
    return boundary.toString();
  }

  /** Returns a value with pieces of the delimiter, but without a whole one. */
  private static byte[] value(FuzzedDataProvider data, String boundary) {
    var value = new StringBuilder();
    int pieces = data.consumeInt(0, 6);
    for (int i = 0; i < pieces; i++) {
      switch (data.consumeInt(0, 4)) {
        case 0 -> value.append("\r\n");
        case 1 -> value.append("--");
        case 2 ->
            value.append("\r\n--").append(boundary, 0, data.consumeInt(0, boundary.length() - 1));
        case 3 -> value.append('-').append(boundary);
        default -> value.append(new String(data.consumeBytes(12), StandardCharsets.ISO_8859_1));
      }
    }
    String text = value.toString().replace("\r\n--" + boundary, "x");
    return (text.startsWith("--" + boundary) ? "x" + text : text)
        .getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] body(String boundary, byte[] value) {
    byte[] start =
        ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] end =
        ("\r\n--"
                + boundary
                + "\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{}\r\n--"
                + boundary
                + "--\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    byte[] body = Arrays.copyOf(start, start.length + value.length + end.length);
    System.arraycopy(value, 0, body, start.length, value.length);
    System.arraycopy(end, 0, body, start.length + value.length, end.length);
    return body;
  }
}
