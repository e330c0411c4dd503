package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.WriteOptions;
import selvedge.server.api.Answer;
import selvedge.server.api.BrokenStream;
import selvedge.server.api.TestRequest;
import selvedge.server.api.Zeros;

final class ValuesTest {
  private static final long NOW = RestFixture.NOW.getEpochSecond();

  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  @Test
  void onlyAGetOfAValueIsASingleRead() {
    rest.put(rest.value("cold"), "found").ok();
    assertThat(read(new TestRequest("GET", rest.value("cold"))).orElseThrow().text())
        .isEqualTo("found");
    read(new TestRequest("GET", rest.value("colder")))
        .orElseThrow()
        .fails(404, 10009, "get: 'key not found'");
    for (TestRequest more :
        List.of(
            new TestRequest("PUT", rest.value("cold")),
            new TestRequest("GET", rest.keys("?prefix=/values/cold")),
            new TestRequest("POST", rest.bulk("/get")))) {
      assertThat(read(more)).isEmpty();
    }
  }

  private Optional<Answer> read(TestRequest request) {
    return Answer.read(rest.prompt(request));
  }

  @Test
  void returnsTheExactBytesOfAValue() {
    byte[] value = new byte[256];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }

    rest.send(new TestRequest("PUT", rest.value("k")).body(value)).ok();

    Answer answer = rest.get(rest.value("k"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(value);
    assertThat(answer.header("Content-Type")).contains("application/octet-stream");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain;charset=UTF-8",
        "application/octet-stream",
        "application/json",
        "application/x-www-form-urlencoded"
      })
  void theBodyIsTheValueForAnyContentType(String type) {
    rest.send(new TestRequest("PUT", rest.value("k")).with("Content-Type", type).body("a=b&c={"))
        .ok();

    assertThat(rest.get(rest.value("k")).text()).isEqualTo("a=b&c={");
  }

  @Test
  void anEmptyValueIsAValue() {
    rest.put(rest.value("k"), "").ok();

    Answer answer = rest.get(rest.value("k"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void aMissingKeyIsNotFound() {
    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
    rest.get(rest.metadata("k")).fails(404, 10009, "metadata: 'key not found'");
  }

  @Test
  void deletesAMissingKey() {
    rest.put(rest.value("k"), "1").ok();

    rest.delete(rest.value("k")).ok();
    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
    rest.delete(rest.value("k")).ok();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "a:b!a:b",
        "a%3Ab!a:b",
        "a+b!a+b",
        "a%2Bb!a+b",
        "a%20b!a b",
        "a/b!a/b",
        "a%2Fb!a/b",
        "/!/",
        "a//b/!a//b/",
        "%3F%23!?#",
        "%25!%",
        "%2525!%25",
        "[]|^!'[]|^'",
        "😀!😀",
        "%F0%9F%98%80!😀",
        "@$&'()*,;=~!@$&'()*,;=~",
        "bulk/get!bulk/get",
        "...!...",
        "%22%5C%7B%7D%60!\"\\{}`",
        "é!é"
      })
  void aKeyIsDecodedOnce(String encoded, String name) {
    rest.put(rest.value(encoded), "here").ok();

    assertThat(rest.names("")).containsExactly(name);
    assertThat(rest.get(rest.value(encoded)).text()).isEqualTo("here");
    assertThat(rest.get(rest.metadata(encoded)).ok().result().isNull()).isTrue();
    rest.delete(rest.value(encoded)).ok();
    assertThat(rest.names("")).isEmpty();
  }

  @Test
  void aKeyMayContainControlCharacters() {
    rest.put(rest.value("%00%0A%0D%7F"), "here").ok();

    assertThat(rest.names("")).containsExactly("\u0000\n\r\u007f");
    assertThat(rest.get(rest.value("%00%0A%0D%7F")).text()).isEqualTo("here");
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "..", "%2E", "%2e%2E"})
  void refusesDotsAsKeys(String key) {
    String name = key.replaceAll("(?i)%2e", ".");

    rest.put(rest.value(key), "1")
        .fails(
            400, 10023, "put: 'Illegal key name \"" + name + "\". Please use a different name.'");
    assertThat(rest.get(rest.value(key)).code()).isEqualTo(10023);
    assertThat(rest.get(rest.metadata(key)).code()).isEqualTo(10023);
    assertThat(rest.delete(rest.value(key)).code()).isEqualTo(10023);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%FF", "%ED%A0%80", "%C3", "%", "%4", "%zz", "%C0%AF"})
  void refusesAKeyThatIsNotUtf8(String key) {
    rest.put(rest.value(key), "1").fails(400, 10023, "put: 'Could not URL-decode key name'");
  }

  @Test
  void anEmptyKeyIsNotFound() {
    for (String path : List.of(rest.value(""), rest.metadata(""), rest.path() + "/values")) {
      rest.put(path, "1")
          .fails(
              404,
              7003,
              "Could not route to " + path + ", perhaps your object identifier is invalid?");
      assertThat(rest.delete(path).code()).isEqualTo(7003);
    }
  }

  @Test
  void limitsTheBytesOfAKey() {
    String longest = "é".repeat(256);
    rest.put(rest.value(longest), "1").ok();
    assertThat(rest.get(rest.value("%C3%A9".repeat(256))).text()).isEqualTo("1");

    String tooLong = longest + "x";
    String message = "'UTF-8 encoded length of 513 exceeds key length limit of 512.'";
    rest.put(rest.value(tooLong), "1").fails(414, 10030, "put: " + message);
    rest.get(rest.value(tooLong)).fails(414, 10030, "get: " + message);
    rest.delete(rest.value(tooLong)).fails(414, 10030, "remove key: " + message);
    rest.get(rest.metadata(tooLong)).fails(414, 10030, "metadata: " + message);
  }

  @Test
  void aTimeToLiveIsExactToTheMillisecond() {
    rest.put(rest.value("k") + "?expiration_ttl=1", "1").ok();
    assertThat(rest.get(rest.value("k")).header("expiration")).contains("" + (NOW + 2));

    rest.clock.set(RestFixture.NOW.plusMillis(999));
    assertThat(rest.get(rest.value("k")).text()).isEqualTo("1");
    rest.clock.set(RestFixture.NOW.plusMillis(1000));
    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
  }

  @Test
  void anExpirationInTheNextSecondIsExact() {
    rest.put(rest.value("k") + "?expiration=" + (NOW + 1), "1").ok();
    assertThat(rest.get(rest.value("k")).header("expiration")).contains("" + (NOW + 1));

    rest.clock.set(RestFixture.NOW.plusMillis(249));
    assertThat(rest.get(rest.value("k")).text()).isEqualTo("1");
    rest.clock.set(RestFixture.NOW.plusMillis(250));
    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
  }

  @ParameterizedTest
  @EnumSource(names = {"WORKERS_FREE", "WORKERS_PAID"})
  void aTimeToLiveIsAtLeast60SecondsWithTheLimitsOfWorkersKv(Profile profile) {
    rest = new RestFixture(spool, Limits.of(profile));
    rest.put(rest.value("k") + "?expiration_ttl=60", "1").ok();

    rest.put(rest.value("k") + "?expiration_ttl=59", "1")
        .fails(
            400, 10034, "put: 'Invalid expiration_ttl of 59. Expiration TTL must be at least 60.'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-5", "abc", "", "60.5", "99999999999999999999"})
  void aTimeToLiveMustBeAWholeNumber(String raw) {
    rest.put(rest.value("k") + "?expiration_ttl=" + raw, "1")
        .fails(
            400,
            10034,
            "put: 'Invalid expiration_ttl of " + raw + ". Please specify integer greater than 0.'");
  }

  @Test
  void anExpirationIsAtLeast60SecondsAheadWithTheLimitsOfWorkersKv() {
    rest = new RestFixture(spool, Limits.of(Profile.WORKERS_PAID));
    rest.put(rest.value("k") + "?expiration=" + (NOW + 60), "1").ok();
    assertThat(rest.get(rest.value("k")).header("expiration")).contains("" + (NOW + 60));

    rest.put(rest.value("k") + "?expiration=" + (NOW + 59), "1")
        .fails(
            400,
            10033,
            "put: 'Invalid expiration of "
                + (NOW + 59)
                + ". Expiration times must be at least 60 seconds in the future.'");
    for (String raw : List.of("" + NOW, "0", "-1", "soon")) {
      rest.put(rest.value("k") + "?expiration=" + raw, "1")
          .fails(
              400,
              10033,
              "put: 'Invalid expiration of "
                  + raw
                  + ". Please specify integer greater than the current number of seconds since the"
                  + " UNIX epoch.'");
    }
  }

  @Test
  void aTimeToLiveTakesPrecedenceOverAnExpiration() {
    rest.put(rest.value("k") + "?expiration=1&expiration_ttl=90", "1").ok();

    assertThat(rest.get(rest.value("k")).header("expiration")).contains("" + (NOW + 91));
  }

  @Test
  void refusesAnExpirationThatIsTooFarAhead() {
    assertThat(rest.put(rest.value("k") + "?expiration=9223372036854775807", "1").code())
        .isEqualTo(10033);
    assertThat(rest.put(rest.value("k") + "?expiration_ttl=9223372036854775807", "1").code())
        .isEqualTo(10034);
  }

  @Test
  void anExpiredKeyIsMissing() {
    rest.put(rest.value("k") + "?expiration_ttl=60", "1").ok();

    rest.clock.set(RestFixture.NOW.plus(Duration.ofSeconds(60)));

    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
    rest.get(rest.metadata("k")).fails(404, 10009, "metadata: 'key not found'");
    assertThat(rest.names("")).isEmpty();
  }

  @Test
  void putReplacesValueMetadataAndExpirationTogether() {
    rest.namespace.put(
        Key.of("k"),
        Bytes.utf8("old"),
        WriteOptions.PLAIN
            .expiresAt(RestFixture.NOW.plusSeconds(99))
            .metadata(selvedge.model.Metadata.json("{\"a\":1}")));

    rest.put(rest.value("k"), "new").ok();

    Answer answer = rest.get(rest.value("k"));
    assertThat(answer.text()).isEqualTo("new");
    assertThat(answer.header("expiration")).isEmpty();
    assertThat(answer.header("CF-KV-Metadata")).isEmpty();
  }

  @Test
  void returnsMetadataAsUtf8InAHeader() {
    rest.send(
            new TestRequest("PUT", rest.value("k"))
                .with("CF-KV-Metadata", "{ \"smile\": \"😀é\" }")
                .body("1"))
        .ok();

    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).contains("{\"smile\":\"😀é\"}");
    assertThat(rest.get(rest.metadata("k")).ok().result().get("smile").asString()).isEqualTo("😀é");
  }

  @Test
  void limitsTheBytesOfAValue() {
    rest.send(new TestRequest("PUT", rest.value("k")).chunked(new Zeros(26_214_400))).ok();
    assertThat(rest.get(rest.value("k")).body()).hasSize(26_214_400);

    rest.send(new TestRequest("PUT", rest.value("k")).chunked(new Zeros(26_214_401)))
        .fails(413, 10024, "put: 'Value length of 26214401 exceeds limit of 26214400.'");
    rest.send(new TestRequest("PUT", rest.value("k")).chunked(new Zeros(30_000_000)))
        .fails(413, 10024, "put: 'Value length of 30000000 exceeds limit of 26214400.'");
    assertThat(rest.get(rest.value("k")).body()).hasSize(26_214_400);
  }

  @Test
  void readsAValueWithATooLargeLengthBeforeItAnswers() throws IOException {
    var body = new Zeros(26_214_401);

    rest.send(new TestRequest("PUT", rest.value("k")).announced(26_214_401, body))
        .fails(413, 10024, "put: 'Value length of 26214401 exceeds limit of 26214400.'");

    assertThat(body.read()).isEqualTo(-1);
  }

  @Test
  void refusesATooLargeValueBefore100Continue() throws IOException {
    var body = new Zeros(26_214_401);

    rest.send(
            new TestRequest("PUT", rest.value("k"))
                .with("Expect", "100-continue")
                .announced(26_214_401, body))
        .fails(413, 10024, "put: 'Value length of 26214401 exceeds limit of 26214400.'");

    assertThat(body.read()).isZero();
  }

  @Test
  void anIncompleteBodyChangesNothing() {
    rest.put(rest.value("k"), "before").ok();

    Answer answer =
        rest.send(new TestRequest("PUT", rest.value("k")).chunked(new BrokenStream(100_000)));

    assertThat(answer.status()).isEqualTo(408);
    assertThat(rest.get(rest.value("k")).text()).isEqualTo("before");
  }

  @Test
  void headHasTheHeadersOfGet() {
    rest.put(rest.value("k") + "?expiration_ttl=60", "four").ok();

    Answer answer = rest.send(new TestRequest("HEAD", rest.value("k")));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.response().body()).isEqualTo(new selvedge.server.api.Body.Announced(4));
    assertThat(answer.header("expiration")).contains("" + (NOW + 61));
    assertThat(rest.send(new TestRequest("HEAD", rest.value("none"))).status()).isEqualTo(404);
  }

  @Test
  void answersAValueInMemoryOnTheLoop() {
    rest.put(rest.value("k"), "four").ok();

    assertThat(rest.sendNow(new TestRequest("GET", rest.value("k"))).orElseThrow().text())
        .isEqualTo("four");
    assertThat(rest.sendNow(new TestRequest("GET", rest.value("cold")))).isEmpty();
    rest.sendNow(new TestRequest("GET", rest.value("none")))
        .orElseThrow()
        .fails(404, 10009, "get: 'key not found'");
    assertThat(rest.sendNow(new TestRequest("PUT", rest.value("k")))).isEmpty();
    assertThat(rest.sendNow(new TestRequest("GET", rest.value("..")))).isEmpty();
    assertThat(rest.sendNow(new TestRequest("GET", rest.metadata("k")))).isEmpty();
    assertThat(rest.sendNow(new TestRequest("GET", "/client/v4/accounts/x"))).isEmpty();
    assertThat(rest.sendNow(new TestRequest("GET", "/elsewhere"))).isEmpty();
  }

  @Test
  void answersAPartOfAValueInMemoryOnTheLoop() {
    rest.put(rest.value("k"), "0123456789").ok();

    Answer answer =
        rest.sendNow(new TestRequest("GET", rest.value("k")).with("Range", "bytes=2-4"))
            .orElseThrow();

    assertThat(answer.text()).isEqualTo("234");
    assertThat(answer.response().body()).isInstanceOf(selvedge.server.api.Body.Held.class);
  }

  @Test
  void otherMethodsAreNotAllowed() {
    for (String path : List.of(rest.value("k"), rest.metadata("k"), rest.keys(""), rest.bulk(""))) {
      rest.send(new TestRequest("PATCH", path))
          .fails(405, 10405, "PATCH method not allowed for this resource");
    }
    rest.delete(RestFixture.NAMESPACES)
        .fails(405, 10405, "DELETE method not allowed for this resource");
    assertThat(rest.post(rest.value("k"), "").status()).isEqualTo(405);
    assertThat(rest.post(rest.path(), "").status()).isEqualTo(405);
    assertThat(rest.put(rest.keys(""), "").status()).isEqualTo(405);
    assertThat(rest.get(rest.bulk("")).status()).isEqualTo(405);
    assertThat(rest.get(rest.bulk("/get")).status()).isEqualTo(405);
    assertThat(rest.put(rest.bulk("/delete"), "[]").status()).isEqualTo(405);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
