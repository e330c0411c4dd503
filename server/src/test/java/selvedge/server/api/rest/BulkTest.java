package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Limit;
import selvedge.server.api.Answer;
import selvedge.server.api.BrokenStream;
import selvedge.server.api.TestRequest;
import selvedge.server.api.Zeros;

/** Bulk puts and bulk deletes. */
final class BulkTest {
  private static final long NOW = RestFixture.NOW.getEpochSecond();

  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private Answer put(String body) {
    return rest.put(rest.bulk(""), body);
  }

  private static String pair(String rest) {
    return "[{\"key\":\"k\",\"value\":\"v\"" + rest + "}]";
  }

  private static String result(int count) {
    return "{\"successful_key_count\":" + count + ",\"unsuccessful_keys\":[]}";
  }

  @Test
  void storesPairsWithMetadataAndExpiration() {
    Answer answer =
        put("""
        [ {"key": "a", "value": "one"},
          {"value": "dHdv", "key": "b", "base64": true, "expiration_ttl": 60},
          {"key": "c", "value": "", "expiration": %d, "metadata": {"n": 1.50, "x": null}},
          {"key": "d/é 😀", "value": "\\u0000\\ud83d\\ude00", "metadata": "text", "more": [{}]},
          {"key": "e", "value": "e", "metadata": null, "expiration": null, "base64": null} ]
        """
                .formatted(NOW + 99))
            .ok();

    assertThat(answer.result().toString()).isEqualTo(result(5));
    assertThat(answer.version()).isNotEmpty();
    assertThat(rest.get(rest.value("a")).text()).isEqualTo("one");
    assertThat(rest.get(rest.value("b")).text()).isEqualTo("two");
    assertThat(rest.get(rest.value("b")).header("expiration")).contains("" + (NOW + 61));
    assertThat(rest.get(rest.value("c")).body()).isEmpty();
    assertThat(rest.get(rest.value("c")).header("expiration")).contains("" + (NOW + 99));
    assertThat(rest.get(rest.value("c")).header("CF-KV-Metadata"))
        .contains("{\"n\":1.50,\"x\":null}");
    assertThat(rest.get(rest.value("d%2F%C3%A9%20%F0%9F%98%80")).text()).isEqualTo("\u0000😀");
    assertThat(rest.get(rest.metadata("d%2Fé%20😀")).ok().result().asString()).isEqualTo("text");
    assertThat(rest.get(rest.value("e")).header("expiration")).isEmpty();
  }

  @Test
  void anEmptyArrayWritesNothing() {
    assertThat(put("[]").ok().result().toString()).isEqualTo(result(0));
    assertThat(rest.delete(rest.bulk(""), "[]").ok().result().toString()).isEqualTo(result(0));
    assertThat(rest.post(rest.bulk("/delete"), "[]").ok().result().toString()).isEqualTo(result(0));
  }

  @Test
  void theLastOfTwoPairsWithOneKeyWins() {
    put("[{\"key\":\"k\",\"value\":\"1\"},{\"key\":\"k\",\"value\":\"2\"}]").ok();

    assertThat(rest.get(rest.value("k")).text()).isEqualTo("2");
  }

  @Test
  void keepsTheOrderOfLargeAndSmallPairs() {
    String large = "x".repeat(100_000);
    put("[{\"key\":\"k\",\"value\":\"1\"},{\"key\":\"k\",\"value\":\""
            + large
            + "\"},{\"key\":\"l\",\"value\":\""
            + large
            + "\"},{\"key\":\"l\",\"value\":\"2\"}]")
        .ok();

    assertThat(rest.get(rest.value("k")).text()).isEqualTo(large);
    assertThat(rest.get(rest.value("l")).text()).isEqualTo("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "[{\"key\":\"k\"}]!pair 0 has no value",
        "[{\"value\":\"v\"}]!pair 0 has no key",
        "[{\"key\":5,\"value\":\"v\"}]!key of pair 0 is not a string",
        "[{\"key\":\"k\",\"value\":5}]!value of pair 0 is not a string",
        "[{\"key\":\"k\",\"value\":null}]!value of pair 0 is not a string",
        "[{\"key\":\"k\",\"value\":\"v\"},7]!pair 1 is not an object",
        "{\"key\":\"k\",\"value\":\"v\"}!the body is not a JSON array",
        "\"\"!the body is not a JSON array",
        "[] []!something follows the array"
      })
  void aBodyOfTheWrongShapeIsRefused(String body, String message) {
    put(body).fails(400, 10012, "bulk put: '" + message + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "[{]",
        "[{\"key\":\"k\",\"value\":\"v\"},",
        "[{\"key\":\"k\",\"value\":\"v\"",
        "[\"a\n\"]",
        "{",
        "nope"
      })
  void aBodyThatIsNotJsonIsRefused(String body) {
    Answer answer = put(body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10012);

    Answer delete = rest.delete(rest.bulk(""), body);
    assertThat(delete.status()).isEqualTo(400);
    assertThat(delete.code()).isEqualTo(10012);
  }

  @Test
  void oneRefusedPairPreventsAllWrites() {
    String pairs =
        "[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b\",\"value\":\"2\",\"expiration_ttl\":0}]";

    put(pairs)
        .fails(
            400,
            10034,
            "bulk put: pair 1: 'Invalid expiration_ttl of 0. Please specify integer greater than"
                + " 0.'");

    assertThat(rest.names("")).isEmpty();
  }

  @Test
  void checksEachPairLikeASinglePut() {
    put("[{\"key\":\"\",\"value\":\"v\"}]")
        .fails(400, 10023, "bulk put: pair 0: 'Key names must not be empty'");
    put("[{\"key\":\"..\",\"value\":\"v\"}]")
        .fails(
            400,
            10023,
            "bulk put: pair 0: 'Illegal key name \"..\". Please use a different name.'");
    put("[{\"key\":\"" + "x".repeat(513) + "\",\"value\":\"v\"}]")
        .fails(
            414,
            10030,
            "bulk put: pair 0: 'UTF-8 encoded length of 513 exceeds key length limit of 512.'");
    put("[{\"key\":\"\\ud800\",\"value\":\"v\"}]")
        .fails(400, 10023, "bulk put: pair 0: 'Key names must be Unicode'");
    put(pair(",\"expiration\":" + NOW))
        .fails(
            400,
            10033,
            "bulk put: pair 0: 'Invalid expiration of "
                + NOW
                + ". Please specify integer greater than the current number of seconds since the"
                + " UNIX epoch.'");
    put(pair(",\"metadata\":\"" + "x".repeat(1023) + "\""))
        .fails(413, 10024, "bulk put: pair 0: 'Metadata length of 1025 exceeds limit of 1024.'");
    put(pair(",\"metadata\":\"" + "x".repeat(1022) + "\"")).ok();
    put("[{\"key\":\"k\",\"value\":\"%\",\"base64\":true}]")
        .fails(400, 10012, "bulk put: pair 0: 'the value is not base64'");
    put(pair(",\"base64\":\"yes\""))
        .fails(400, 10012, "bulk put: 'base64 of pair 0 is not true or false'");
    put(pair(",\"expiration\":1.5"))
        .fails(400, 10012, "bulk put: 'expiration of pair 0 is not a whole number'");
  }

  @Test
  void replacesAnUnpairedSurrogateLikeJavaScript() {
    put("[{\"key\":\"k\",\"value\":\"a\\ud800b\",\"metadata\":{\"m\":\"\\udc00\"}}]").ok();

    assertThat(rest.get(rest.value("k")).text()).isEqualTo("a\uFFFDb");
    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).contains("{\"m\":\"\\udc00\"}");
  }

  @Test
  void limitsEachValueOfABulk() {
    String most = "x".repeat(26_214_400);

    put("[{\"key\":\"k\",\"value\":\"" + most + "\"}]").ok();
    assertThat(rest.get(rest.value("k")).body()).hasSize(26_214_400);
    put("[{\"key\":\"k\",\"value\":\"" + most + "x\"}]")
        .fails(
            413, 10024, "bulk put: pair 0: 'Value length of 26214401 exceeds limit of 26214400.'");
    String base64 = Base64.getEncoder().encodeToString(new byte[26_214_400]);
    put("[{\"key\":\"k\",\"base64\":true,\"value\":\"" + base64 + "\"}]").ok();
    assertThat(rest.get(rest.value("k")).body()).hasSize(26_214_400);
  }

  @Test
  void limitsThePairsOfARequest() {
    assertThat(put(pairs(10_000)).ok().result().toString()).isEqualTo(result(10_000));

    put(pairs(10_001))
        .fails(
            400,
            10012,
            "bulk put: 'received 10001 key/value pairs, but max allowed per request is: 10000'");
  }

  private static String pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{\"key\":\"k" + i + "\",\"value\":\"v\"}")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String names(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void limitsTheKeysOfADelete() {
    put(pairs(10_000)).ok();

    rest.delete(rest.bulk(""), names(10_001))
        .fails(
            400,
            10012,
            "bulk remove keys: 'received 10001 keys, but max allowed per request is: 10000'");
    assertThat(rest.names("?limit=1")).hasSize(1);
    assertThat(rest.delete(rest.bulk(""), names(10_000)).ok().result().toString())
        .isEqualTo(result(10_000));
    assertThat(rest.names("")).isEmpty();
  }

  @Test
  void deletesWithBothMethodsAlsoMissingKeys() {
    put("[{\"key\":\"a\",\"value\":\"1\"},{\"key\":\"b/é\",\"value\":\"1\"}]").ok();

    rest.delete(rest.bulk(""), "[\"a\",\"none\",\"a\"]").ok();
    assertThat(rest.names("")).containsExactly("b/é");
    rest.post(rest.bulk("/delete"), "[\"b/é\"]").ok();
    assertThat(rest.names("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "{}!the body is not a JSON array", "[\"a\",5]!element 1 is not a string",
        "[null]!element 0 is not a string", "[] 5!something follows the array"
      })
  void namesOfTheWrongShapeAreRefused(String body, String message) {
    rest.delete(rest.bulk(""), body).fails(400, 10012, "bulk remove keys: '" + message + "'");
  }

  @Test
  void oneInvalidKeyPreventsAllDeletes() {
    put("[{\"key\":\"a\",\"value\":\"1\"}]").ok();

    rest.delete(rest.bulk(""), "[\"a\",\"\"]")
        .fails(400, 10023, "bulk remove keys: element 1: 'Key names must not be empty'");
    assertThat(rest.names("")).containsExactly("a");
  }

  @Test
  void limitsTheBody() throws IOException {
    var small = new RestFixture(spool, Limit.BULK_BYTES, 100_000);
    String body = pair(" ".repeat(99_999 - pair("").length() + 1));

    small.put(small.bulk(""), body).ok();
    small
        .put(small.bulk(""), body + " ")
        .fails(413, 10024, "bulk put: 'Body length of 100001 exceeds limit of 100000.'");
    small
        .send(
            new TestRequest("PUT", small.bulk(""))
                .chunked(
                    new SequenceInputStream(
                        new ByteArrayInputStream(ValuesTest.utf8(body)), new Zeros(5))))
        .fails(413, 10024, "bulk put: 'Body length of 100005 exceeds limit of 100000.'");
    try (var left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anIncompleteBodyChangesNothing() {
    Answer answer =
        rest.send(
            new TestRequest("PUT", rest.bulk(""))
                .chunked(
                    new SequenceInputStream(
                        new ByteArrayInputStream(ValuesTest.utf8(pair("").substring(0, 10))),
                        new BrokenStream(0))));

    assertThat(answer.status()).isEqualTo(408);
    assertThat(rest.names("")).isEmpty();
  }
}
