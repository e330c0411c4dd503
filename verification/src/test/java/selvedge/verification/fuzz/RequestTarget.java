package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.Bytes;

/** Fuzzes methods, paths, queries, headers and bodies, based on valid ones. */
public final class RequestTarget {
  private static final FuzzedApis FACES = new FuzzedApis();
  private static final String REST =
      "/client/v4/accounts/" + FuzzedApis.ACCOUNT + "/storage/kv/namespaces";
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
    boolean hasLength = data.consumeBoolean();
    FACES.send(
        new FuzzedRequest(
            method, path, query, headers, Bytes.adopt(data.consumeRemainingAsBytes()), hasLength));
  }

  /** Returns the text like the transport does: one char per byte. */
  private static String latin(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[\\x00-\\x20#]", "_");
  }
}
