package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.Bytes;

/** Methods, paths, queries, headers and bodies of any kind, near those that mean something. */
public final class RequestTarget {
  private static final Faces FACES = new Faces();
  private static final String REST =
      "/client/v4/accounts/" + Faces.ACCOUNT + "/storage/kv/namespaces";
  private static final List<String> METHODS =
      List.of("GET", "PUT", "POST", "DELETE", "HEAD", "PATCH");
  private static final List<String> HEADERS =
      List.of(
          "range",
          "if-match",
          "if-none-match",
          "if-range",
          "cf-kv-metadata",
          "content-type",
          "cf-kv-namespace-id");

  private RequestTarget() {}

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) {
    List<String> starts =
        List.of(
            REST + "/" + FACES.namespace() + "/values/",
            REST + "/" + FACES.namespace() + "/keys",
            REST + "/" + FACES.namespace() + "/bulk",
            REST + "/" + FACES.namespace() + "/metadata/",
            REST,
            "/client/v4",
            "/kv/" + FACES.namespace() + "/",
            "/kv/",
            "/");
    Map<String, String> headers = new HashMap<>();
    String method = data.pickValue(METHODS);
    String start = data.pickValue(starts);
    int count = data.consumeInt(0, 2);
    for (int i = 0; i < count; i++) {
      headers.put(data.pickValue(HEADERS), data.consumeAsciiString(60));
    }
    String query = latin(data.consumeBytes(80));
    String path = start + latin(data.consumeBytes(80)).replace("?", "%3F");
    boolean announced = data.consumeBoolean();
    FACES.send(
        new FuzzedRequest(
            method, path, query, headers, Bytes.adopt(data.consumeRemainingAsBytes()), announced));
  }

  /** As a transport hands it over: one char a byte. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\\x00-\\x20#]", "_");
  }
}
