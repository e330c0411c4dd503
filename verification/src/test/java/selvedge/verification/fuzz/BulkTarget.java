package selvedge.verification.fuzz;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import selvedge.model.Bytes;

/** Fuzzes the bodies of bulk requests. */
public final class BulkTarget {
  private static final FuzzedApis FACES = new FuzzedApis();

  private BulkTarget() {}

  /** Called for each input. The first byte selects the request. */
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    String rest =
        "/client/v4/accounts/%s/storage/kv/namespaces/%s/bulk"
            .formatted(FuzzedApis.ACCOUNT, FACES.namespace());
    List<String> requests =
        List.of(
            "PUT " + rest,
            "DELETE " + rest,
            "POST " + rest + "/delete",
            "POST " + rest + "/get",
            "POST /kv/" + FACES.namespace() + "/bulk/get");
    String[] request = requests.get((data[0] & 0xff) % requests.size()).split(" ", 2);
    Bytes body = Bytes.adopt(Arrays.copyOfRange(data, 1, data.length));
    FACES.send(new FuzzedRequest(request[0], request[1], "", Map.of(), body, true));
  }
}
