package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.server.api.Answer;
import selvedge.server.api.TestRequest;
import selvedge.server.api.Zeros;

/** Puts of values in a form. */
final class FormTest {
  private static final String END = "--XX--\r\n";

  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private static String part(String name, String content) {
    return "--XX\r\nContent-Disposition: form-data; name=\""
        + name
        + "\"\r\n\r\n"
        + content
        + "\r\n";
  }

  private static String file(String content) {
    return "--XX\r\nContent-Disposition: form-data; name=\"value\"; filename=\"blob\"\r\n"
        + "Content-Type: application/octet-stream\r\n\r\n"
        + content
        + "\r\n";
  }

  private Answer put(String form) {
    return put(new ByteArrayInputStream(ValuesTest.utf8(form)));
  }

  private Answer put(InputStream form) {
    return rest.send(
        new TestRequest("PUT", rest.value("k"))
            .with("Content-Type", "multipart/form-data; boundary=XX")
            .chunked(form));
  }

  private String stored() {
    return rest.get(rest.value("k")).text();
  }

  private String metadata() {
    return rest.get(rest.metadata("k")).ok().result().toString();
  }

  @Test
  void acceptsValueAndMetadataInAnyOrder() {
    put(part("value", "1") + part("metadata", "{\"a\": [1, 2]}") + END).ok();
    assertThat(stored() + metadata()).isEqualTo("1{\"a\":[1,2]}");

    put(part("metadata", "{\"b\": 2}") + part("value", "2") + END).ok();
    assertThat(stored() + metadata()).isEqualTo("2{\"b\":2}");
  }

  @Test
  void aValueAloneHasNoMetadata() {
    put(part("metadata", "1") + part("value", "1") + END).ok();

    put(file("2") + END).ok();

    assertThat(stored()).isEqualTo("2");
    assertThat(metadata()).isEqualTo("null");
  }

  @Test
  void aValueMayContainTextLikeABoundary() {
    String value = "\r\n--X\r\n--XY\r\n-\r\n\r\n--\r\n--X";

    put(file(value) + END).ok();

    assertThat(stored()).isEqualTo(value);
  }

  @Test
  void aValueMayBeEmpty() {
    put(file("") + END).ok();

    assertThat(stored()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "multipart/form-data; boundary=\"XX\"",
        "Multipart/Form-Data;boundary=XX",
        "multipart/form-data; charset=utf-8; Boundary=XX"
      })
  void acceptsAllFormsOfTheBoundary(String type) {
    rest.send(
            new TestRequest("PUT", rest.value("k"))
                .with("Content-Type", type)
                .body("preamble\r\n" + part("value", "1") + END + "epilogue"))
        .ok();

    assertThat(stored()).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"1", "\"text\"", "true", "[]", "[1,\"a\"]", "{}", "1.50", "\"\\ud83d\\ude00\""})
  void metadataMayBeAnyJson(String json) {
    put(part("value", "1") + part("metadata", " " + json + "\n") + END).ok();

    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).contains(json);
  }

  @Test
  void metadataNullMeansNoMetadata() {
    put(part("value", "1") + part("metadata", "null") + END).ok();

    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).isEmpty();
  }

  @Test
  void metadataMayContainAnUnpairedSurrogate() {
    put(part("value", "1") + part("metadata", "\"\\ud800\"") + END).ok();

    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).contains("\"\\ud800\"");
    assertThat(rest.get(rest.keys("")).text()).contains("\"metadata\":\"\\ud800\"");
  }

  @Test
  void metadataWithAnyCharactersIsAValidHeader() {
    put(part("value", "1") + part("metadata", "\"\u007f\"") + END).ok();

    assertThat(rest.get(rest.value("k")).header("CF-KV-Metadata")).contains("\"\\u007f\"");
    assertThat(metadata()).isEqualTo("\"\u007f\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "{", "text", "{} {}", "{a:1}", "[1,]", "\"\n\""})
  void refusesMetadataThatIsNotJson(String text) {
    put(part("value", "1") + part("metadata", text) + END)
        .fails(400, 10147, "metadata must be valid json");

    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
  }

  @Test
  void limitsMetadataInItsShortestForm() {
    put(part("value", "1") + part("metadata", "  \"" + "x".repeat(1022) + "\"  ") + END).ok();

    put(part("value", "1") + part("metadata", "\"" + "é".repeat(511) + "x\"") + END)
        .fails(413, 10024, "put: 'Metadata length of 1025 exceeds limit of 1024.'");
  }

  @Test
  void combinesMetadataFieldsOfTheSdk() {
    put(part("metadata[a]", "1")
            + part("value", "1")
            + part("metadata[b][c]", "2")
            + part("metadata[list][]", "x")
            + part("metadata[b][d][e]", "3")
            + part("metadata[list][]", "y")
            + END)
        .ok();

    assertThat(metadata())
        .isEqualTo("{\"a\":\"1\",\"b\":{\"c\":\"2\",\"d\":{\"e\":\"3\"}},\"list\":[\"x\",\"y\"]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata[a]", "metadata[a][b]"})
  void refusesContradictoryMetadataFields(String second) {
    String first = second.equals("metadata[a]") ? "metadata[a][b]" : "metadata[a]";

    Answer answer = put(part("value", "1") + part(first, "1") + part(second, "2") + END);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10147);
  }

  @ParameterizedTest
  @ValueSource(strings = {"metadata[a][][b]", "metadata[][]"})
  void refusesAmbiguousMetadataFields(String name) {
    put(part("value", "1") + part(name, "1") + END)
        .fails(
            400,
            10147,
            "metadata must be valid json: a list of objects or lists has to come as one part"
                + " with JSON");
  }

  @Test
  void otherPartsAreIgnored() {
    put(part("value", "1") + part("expiration_ttl", "5") + part("", "x") + END).ok();

    assertThat(stored()).isEqualTo("1");
  }

  @Test
  void aFormMustHaveOneValue() {
    put(part("metadata", "1") + END).fails(400, 10012, "put: 'the form has no part named value'");
    put(part("value", "1") + part("value", "2") + END)
        .fails(400, 10012, "put: 'the form has more than one part named value'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "--XX",
        "--XX\r\n",
        "nothing",
        "--XX\r\n\r\nno name\r\n--XX--",
        "--XX\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\ncut off",
        "--XX\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\nx\r\n--XXY"
      })
  void refusesAMalformedForm(String form) {
    Answer answer = put(form);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo(10012);
    assertThat(answer.message()).startsWith("put: 'the form cannot be read: ");
    rest.get(rest.value("k")).fails(404, 10009, "get: 'key not found'");
  }

  @Test
  void aFormWithoutABoundaryIsRefused() {
    rest.send(
            new TestRequest("PUT", rest.value("k"))
                .with("Content-Type", "multipart/form-data")
                .body("x"))
        .fails(400, 10012, "put: 'the form cannot be read: the content type names no boundary'");
  }

  @Test
  void limitsTheValueOfAForm() throws IOException {
    put(largeForm(26_214_400)).ok();
    assertThat(rest.get(rest.value("k")).body()).hasSize(26_214_400);

    put(largeForm(26_214_401))
        .fails(413, 10024, "put: 'Value length of 26214401 exceeds limit of 26214400.'");
    try (var left = Files.list(spool)) {
      assertThat(left).isEmpty();
    }
  }

  private static InputStream largeForm(long bytes) {
    String head = "--XX\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\n";
    String tail = "\r\n" + part("metadata", "{}") + END;
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                new ByteArrayInputStream(ValuesTest.utf8(head)),
                new Zeros(bytes),
                new ByteArrayInputStream(ValuesTest.utf8(tail)))));
  }

  @Test
  void readsTheExpirationOfAFormFromTheQuery() {
    rest.send(
            new TestRequest("PUT", rest.value("k") + "?expiration_ttl=60")
                .with("Content-Type", "multipart/form-data; boundary=XX")
                .body(part("value", "1") + END))
        .ok();

    assertThat(rest.get(rest.value("k")).header("expiration"))
        .contains("" + (RestFixture.NOW.getEpochSecond() + 61));
  }
}
