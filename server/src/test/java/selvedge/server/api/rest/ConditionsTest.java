package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;

/** Versions, conditions and ranges, which stock clients do not use. */
final class ConditionsTest {
  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private TestRequest put(String header, String value) {
    return new TestRequest("PUT", rest.value("k")).with(header, value).body("next");
  }

  private TestRequest get(String header, String value) {
    return new TestRequest("GET", rest.value("k")).with(header, value);
  }

  private String tag() {
    return rest.get(rest.value("k")).header("ETag").orElseThrow();
  }

  @Test
  void writesAndReadsReturnTheVersion() {
    Answer put = rest.put(rest.value("k"), "1").ok();

    Answer get = rest.get(rest.value("k"));
    assertThat(put.header("ETag")).contains("\"" + put.version() + "\"");
    assertThat(get.header("ETag")).isEqualTo(put.header("ETag"));
    assertThat(get.version()).isEqualTo(put.version());
    long deleted = Long.parseLong(rest.delete(rest.value("k")).ok().version());
    assertThat(deleted).isGreaterThan(Long.parseLong(put.version()));
  }

  @Test
  void ifNoneMatchOnAReadOmitsTheBody() {
    rest.put(rest.value("k"), "1").ok();
    String tag = tag();

    Answer known = rest.send(get("If-None-Match", tag));
    assertThat(known.status()).isEqualTo(304);
    assertThat(known.header("ETag")).contains(tag);
    assertThat(known.body()).isEmpty();
    assertThat(rest.send(get("If-None-Match", "\"0\", W/" + tag)).status()).isEqualTo(304);
    assertThat(rest.send(get("If-None-Match", "*")).status()).isEqualTo(304);
    assertThat(rest.send(get("If-None-Match", "\"999\"")).text()).isEqualTo("1");
  }

  @Test
  void ifNoneMatchStarWritesOnlyAMissingKey() {
    rest.send(put("If-None-Match", "*")).ok();
    String tag = tag();

    Answer refused = rest.send(put("If-None-Match", "*"));
    assertThat(refused.status()).isEqualTo(412);
    assertThat(refused.code()).isEqualTo(10412);
    assertThat(refused.header("ETag")).contains(tag);
    assertThat("\"" + refused.version() + "\"").isEqualTo(tag);
    rest.send(put("If-None-Match", "\"5\""))
        .fails(
            400,
            10012,
            "put: 'If-None-Match of a write must be *, which means: only if there is no entry'");
  }

  @Test
  void ifMatchReplacesOnlyTheVersion() {
    rest.put(rest.value("k"), "1").ok();
    String first = tag();

    rest.send(put("If-Match", first)).ok();
    Answer refused = rest.send(put("If-Match", first));
    assertThat(refused.status()).isEqualTo(412);
    assertThat(refused.header("ETag")).contains(tag());
    assertThat(rest.get(rest.value("k")).text()).isEqualTo("next");
  }

  @Test
  void ifMatchDeletesOnlyTheVersion() {
    rest.put(rest.value("k"), "1").ok();
    String first = tag();
    rest.put(rest.value("k"), "2").ok();

    Answer refused = rest.send(new TestRequest("DELETE", rest.value("k")).with("If-Match", first));
    assertThat(refused.status()).isEqualTo(412);
    rest.send(new TestRequest("DELETE", rest.value("k")).with("If-Match", tag())).ok();
    Answer gone = rest.send(new TestRequest("DELETE", rest.value("k")).with("If-Match", first));
    assertThat(gone.status()).isEqualTo(412);
    assertThat(gone.header("ETag")).isEmpty();
    assertThat(gone.version()).isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "\"\"", "\"x\"", "W/\"5\"", "*", "\"1\", \"2\"", "\"-1\"", "\""})
  void ifMatchRequiresOneETag(String tag) {
    Answer answer = rest.send(put("If-Match", tag));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10012);
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3,0123,bytes 0-3/10", "bytes=4-,456789,bytes 4-9/10", "bytes=-3,789,bytes 7-9/10",
    "bytes=8-99,89,bytes 8-9/10", "bytes=-99,0123456789,bytes 0-9/10", "bytes=9-9,9,bytes 9-9/10"
  })
  void aRangeReturnsAPart(String range, String part, String contentRange) {
    rest.put(rest.value("k"), "0123456789").ok();

    Answer answer = rest.send(get("Range", range));

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.text()).isEqualTo(part);
    assertThat(answer.header("Content-Range")).contains(contentRange);
    assertThat(answer.header("Content-Type")).contains("application/octet-stream");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bytes=10-", "bytes=10-12", "bytes=-0"})
  void aRangeAfterTheEndIsNotSatisfiable(String range) {
    rest.put(rest.value("k"), "0123456789").ok();

    Answer answer = rest.send(get("Range", range));

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.header("Content-Range")).contains("bytes */10");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"bytes=0-1,3-4", "bytes=4-2", "lines=1-2", "bytes=", "bytes=-", "bytes=a-b"})
  void anyOtherRangeIsIgnored(String range) {
    rest.put(rest.value("k"), "0123456789").ok();

    Answer answer = rest.send(get("Range", range));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("0123456789");
  }

  @Test
  void ifRangeReturnsTheWholeValueOfAnotherVersion() {
    rest.put(rest.value("k"), "0123456789").ok();

    assertThat(rest.send(get("Range", "bytes=0-1").with("If-Range", tag())).text()).isEqualTo("01");
    assertThat(rest.send(get("Range", "bytes=0-1").with("If-Range", "\"77\"")).text())
        .isEqualTo("0123456789");
  }
}
