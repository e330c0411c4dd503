package selvedge.server.api.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.model.testing.MemoryNamespaces;
import selvedge.model.testing.SettableClock;
import selvedge.server.access.Admission;
import selvedge.server.access.OpenCaller;
import selvedge.server.api.Answer;
import selvedge.server.api.DirectSubmit;
import selvedge.server.api.TestRequest;
import selvedge.server.api.Zeros;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.quota.Allowance;

/**
 * The reason phrases of the binding that programs for Workers KV see as error messages. They must
 * not change: a Worker may compare them.
 */
final class CompatiblePhrasesTest {
  private static final AccountId ACCOUNT = new AccountId("023e105f4ecef8ad9ca31a8372d0c353");

  /** 2026-11-21T12:00:00Z is second 1795262400. */
  private static final Instant NOW = Instant.ofEpochSecond(1_795_262_400);

  private static final int VALUE_BYTES_MAX = 26_214_400;

  @TempDir Path spool;

  private final SettableClock clock = new SettableClock(NOW);
  private final Limits limits = Limits.of(Profile.WORKERS_PAID);
  private final MemoryNamespaces memory = new MemoryNamespaces(clock, limits);
  private final NamespaceId id = memory.create(ACCOUNT, "things").id();
  private final Namespace namespace = memory.open(id);
  private ApiRouter api = new ApiRouter(List.of());

  @BeforeEach
  void open() {
    namespace.put(Key.of("text"), Bytes.utf8("not json"), WriteOptions.PLAIN);
    api =
        new ApiRouter(
            List.of(
                new BindingApi(
                    new ProtocolContext(
                        memory,
                        (namespaceId, key) -> Optional.of(memory.open(namespaceId).get(key)),
                        new DirectSubmit(memory),
                        _ -> new Admission.Admitted(new OpenCaller(true)),
                        Allowance.UNLIMITED,
                        limits,
                        clock,
                        new Spools(spool, () -> Long.MAX_VALUE, limits),
                        ACCOUNT))));
  }

  private String phrase(TestRequest request) {
    Answer answer = Answer.of(api.answer(request.with("CF-KV-Namespace-Id", id.hex())));
    return answer.status() + " " + answer.response().reason();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET | /%zz?urlencoded=true     | 400 Could not URL-decode key name
          GET | /k?cache_ttl=10          | 400 Invalid cache_ttl of 10. Cache TTL must be at least 30.
          PUT | /k?expiration_ttl=0      | 400 Invalid expiration_ttl of 0. Please specify integer greater than 0.
          PUT | /k?expiration_ttl=x      | 400 Invalid expiration_ttl of x. Please specify integer greater than 0.
          PUT | /k?expiration_ttl=30     | 400 Invalid expiration_ttl of 30. Expiration TTL must be at least 60.
          PUT | /k?expiration=1678258800 | 400 Invalid expiration of 1678258800. Please specify integer greater than the current number of seconds since the UNIX epoch.
          PUT | /k?expiration=1795262410 | 400 Invalid expiration of 1795262410. Expiration times must be at least 60 seconds in the future.
          GET | /?key_count_limit=0      | 400 Invalid key_count_limit of 0. Please specify an integer greater than 0.
          GET | /?key_count_limit=1001   | 400 Invalid key_count_limit of 1001. Please specify an integer less than 1000.
          """)
  void ofQueries(String method, String target, String phrase) {
    assertThat(phrase(new TestRequest(method, target).body(""))).isEqualTo(phrase);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"keys":[]}                       | 400 You must request a minimum of 1 key
          {"keys":[""]}                     | 400 Key names must not be empty
          {"keys":["."]}                    | 400 Illegal key name ".". Please use a different name.
          {"keys":[".."]}                   | 400 Illegal key name "..". Please use a different name.
          {"keys":["text"],"type":"\\ud83d"} | 400 "?" is not a valid type. Use "json" or "text"
          {"keys":["text"],"type":"xml"}    | 400 "xml" is not a valid type. Use "json" or "text"
          {"keys":["text"],"type":"json"}   | 400 At least one of the requested keys corresponds to a non-json value
          """)
  void ofBulkGets(String body, String phrase) {
    assertThat(phrase(new TestRequest("POST", "/bulk/get").body(body))).isEqualTo(phrase);
  }

  @Test
  void ofLimits() {
    String tooLong = "k".repeat(513);
    assertThat(phrase(new TestRequest("GET", "/" + tooLong)))
        .isEqualTo("414 UTF-8 encoded length of 513 exceeds key length limit of 512.");
    assertThat(phrase(new TestRequest("GET", "/?prefix=" + tooLong)))
        .isEqualTo("414 UTF-8 encoded length of 513 exceeds key length limit of 512.");

    String metadata = "\"" + "m".repeat(1023) + "\"";
    assertThat(phrase(new TestRequest("PUT", "/k").with("CF-KV-Metadata", metadata).body("")))
        .isEqualTo("413 Metadata length of 1025 exceeds limit of 1024.");
    assertThat(phrase(new TestRequest("PUT", "/k").chunked(new Zeros(VALUE_BYTES_MAX + 1))))
        .isEqualTo("413 Value length of 26214401 exceeds limit of 26214400.");

    String keys =
        IntStream.range(0, 101).mapToObj(i -> "\"" + i + "\"").collect(Collectors.joining(","));
    assertThat(phrase(new TestRequest("POST", "/bulk/get").body("{\"keys\":[" + keys + "]}")))
        .isEqualTo("400 You can request a maximum of 100 keys");

    Bytes half = Bytes.adopt(new byte[VALUE_BYTES_MAX / 2 + 1]);
    namespace.put(Key.of("a"), half, WriteOptions.PLAIN);
    namespace.put(Key.of("b"), half, WriteOptions.PLAIN);
    assertThat(phrase(new TestRequest("POST", "/bulk/get").body("{\"keys\":[\"a\",\"b\"]}")))
        .isEqualTo("413 Total size of request exceeds the limit of 25MB");
  }
}
