package selvedge.verification.fuzz;

import java.util.Map;
import selvedge.model.Bytes;

/** Fuzzes values and metadata in forms. */
public final class FormTarget {
  private static final FuzzedApis FACES = new FuzzedApis();

  private FormTarget() {}

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] data) {
    String path =
        "/client/v4/accounts/%s/storage/kv/namespaces/%s/values/k"
            .formatted(FuzzedApis.ACCOUNT, FACES.namespace());
    FACES.send(
        new FuzzedRequest(
            "PUT",
            path,
            "",
            Map.of("content-type", "multipart/form-data; boundary=b"),
            Bytes.adopt(data),
            data.length % 2 == 0));
  }
}
