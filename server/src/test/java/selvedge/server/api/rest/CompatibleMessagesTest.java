package selvedge.server.api.rest;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.server.access.Admission;
import selvedge.server.access.Refusal;
import selvedge.server.api.TestRequest;

/**
 * The codes and messages of REST v4 that stock clients depend on. They must not change: wrangler
 * and the SDKs print and compare them.
 */
final class CompatibleMessagesTest {
  @TempDir Path spool;
  private RestFixture rest;

  @BeforeEach
  void open() {
    rest = new RestFixture(spool, Limits.of(Profile.WORKERS_PAID));
    rest.put(rest.value("binary"), "").ok();
    rest.namespace.put(Key.of("binary"), Bytes.adopt(new byte[] {(byte) 0xff}), WriteOptions.PLAIN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET  | /values/none                    |                                | 404 | 10009 | get: 'key not found'
          GET  | /metadata/none                  |                                | 404 | 10009 | metadata: 'key not found'
          PUT  | /values/k?expiration=1          | v                              | 400 | 10033 | put: 'Invalid expiration of 1. Please specify integer greater than the current number of seconds since the UNIX epoch.'
          PUT  | /values/k?expiration_ttl=0      | v                              | 400 | 10034 | put: 'Invalid expiration_ttl of 0. Please specify integer greater than 0.'
          PUT  | /values/k?expiration_ttl=59     | v                              | 400 | 10034 | put: 'Invalid expiration_ttl of 59. Expiration TTL must be at least 60.'
          PUT  | /values/%2E                     | v                              | 400 | 10023 | put: 'Illegal key name ".". Please use a different name.'
          PUT  | /values/%zz                     | v                              | 400 | 10023 | put: 'Could not URL-decode key name'
          POST | /bulk/get                       | {"keys":[]}                    | 400 | 10029 | bulk get keys: 'You must request a minimum of 1 key'
          POST | /bulk/get                       | {"keys":["k"],"type":"xml"}    | 400 | 10029 | bulk get keys: '"xml" is not a valid type. Use "json" or "text"'
          POST | /bulk/get                       | {"keys":["binary"],"type":"json"} | 400 | 10029 | bulk get keys: 'At least one of the requested keys corresponds to a non-json value'
          POST | /bulk/get                       | {"keys":["binary"]}            | 400 | 10029 | bulk get keys: 'At least one of the requested keys corresponds to a non-text value'
          """)
  void ofKeys(String method, String tail, String body, int status, int code, String message) {
    rest.send(new TestRequest(method, rest.path() + tail).body(body == null ? "" : body))
        .fails(status, code, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          POST   |                                   | {"title":"things"} | 400 | 10014 | create namespace: 'a namespace with this account ID and title already exists'
          POST   |                                   | {}                 | 400 | 10019 | create namespace: 'request is missing a title definition'
          POST   |                                   | {"title":"\\ud83d"} | 400 | 10012 | create namespace: 'a text must be Unicode, got one with a lone surrogate (half of a character)'
          GET    | /short                            |                    | 400 | 10011 | could not parse UUID from request's namespace_id: 'invalid namespace format: short'
          GET    | /ffffffffffffffffffffffffffffffff |                    | 404 | 10013 | get namespace: 'namespace not found'
          PUT    | /ffffffffffffffffffffffffffffffff | {"title":"x"}      | 404 | 10013 | rename namespace: 'namespace not found'
          DELETE | /ffffffffffffffffffffffffffffffff |                    | 404 | 10013 | remove namespace: 'namespace not found'
          GET    | /ffffffffffffffffffffffffffffffff/keys     |           | 404 | 10013 | list keys: 'namespace not found'
          GET    | /ffffffffffffffffffffffffffffffff/values/k |           | 404 | 10013 | get: 'namespace not found'
          PUT    | /ffffffffffffffffffffffffffffffff/values/k | v         | 404 | 10013 | put: 'namespace not found'
          DELETE | /ffffffffffffffffffffffffffffffff/values/k |           | 404 | 10013 | remove key: 'namespace not found'
          PUT    | /ffffffffffffffffffffffffffffffff/bulk     | []        | 404 | 10013 | bulk put: 'namespace not found'
          POST   | /ffffffffffffffffffffffffffffffff/bulk/get | {"keys":["k"]} | 404 | 10013 | bulk get keys: 'namespace not found'
          """)
  void ofNamespaces(String method, String tail, String body, int status, int code, String message) {
    String path = RestFixture.NAMESPACES + (tail == null ? "" : tail);
    rest.send(new TestRequest(method, path).body(body == null ? "" : body))
        .fails(status, code, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          NO_CREDENTIALS          | 400 | 9106  | Authentication failed (status: 400)
          MALFORMED_AUTHORIZATION | 400 | 6003  | Invalid request headers
          MALFORMED_KEY           | 400 | 6003  | Invalid request headers
          UNKNOWN_TOKEN           | 401 | 10000 | Authentication error
          UNKNOWN_KEY             | 403 | 9103  | Unknown X-Auth-Key or X-Auth-Email
          """)
  void ofCredentials(Refusal reason, int status, int code, String message) {
    RestFixture guarded = rest.guarded(spool, _ -> new Admission.Refused(reason));

    guarded.get(guarded.value("k")).fails(status, code, message);
  }

  @Test
  void ofMetadataThatIsNotJson() {
    String form =
        "--b\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\nv\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\r\n--b--\r\n";

    rest.send(
            new TestRequest("PUT", rest.value("k"))
                .with("Content-Type", "multipart/form-data; boundary=b")
                .body(form))
        .fails(400, 10147, "metadata must be valid json");
  }

  @Test
  void ofAnAccountThatIsNotAnId() {
    rest.get("/client/v4/accounts/none/storage/kv/namespaces")
        .fails(
            404,
            7003,
            "Could not route to /client/v4/accounts/none/storage/kv/namespaces, perhaps your object"
                + " identifier is invalid?");
  }

  @Test
  void ofATokenThatIsNotValid() {
    RestFixture guarded = rest.guarded(spool, _ -> new Admission.Refused(Refusal.UNKNOWN_TOKEN));

    guarded.get("/client/v4/user/tokens/verify").fails(401, 1000, "Invalid API Token");
  }
}
