package selvedge.server.api.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Metadata;
import selvedge.model.WriteOptions;
import selvedge.server.api.Answer;

final class BulkGetTest {
  @TempDir private Path spool;
  private RestFixture rest;

  @BeforeEach
  void start() {
    rest = new RestFixture(spool);
  }

  private Answer ask(String body) {
    return rest.post(rest.bulk("/get"), body);
  }

  private void put(String name, String value) {
    rest.namespace.put(Key.of(name), Bytes.utf8(value), WriteOptions.PLAIN);
  }

  @Test
  void returnsValuesInTheOrderOfTheKeys() {
    put("a", "1");
    put("b/é", "tw\"o\n");
    put("z", "");

    Answer answer = ask("{\"keys\":[\"z\",\"none\",\"b/é\",\"a\",\"z\"]}").ok();

    assertThat(answer.result().toString())
        .isEqualTo("{\"values\":{\"z\":\"\",\"none\":null,\"b/é\":\"tw\\\"o\\n\",\"a\":\"1\"}}");
  }

  @Test
  void returnsJsonValuesAsJson() {
    put("o", " { \"a\" : [ 1.50 , \"x y\\\" \\\\\" ] }\n");
    put("n", "0");
    put("f", "false");
    put("s", "\"\\ud800\"");

    String text = ask("{\"keys\":[\"o\",\"n\",\"f\",\"s\",\"m\"],\"type\":\"json\"}").ok().text();

    assertThat(text)
        .isEqualTo(
            "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"values\":{"
                + "\"o\":{\"a\":[1.50,\"x y\\\" \\\\\"]},\"n\":0,\"f\":false,\"s\":\"\\ud800\","
                + "\"m\":null}}}");
  }

  @Test
  void returnsMetadataAndExpirationOnRequest() {
    put("plain", "1");
    rest.namespace.put(
        Key.of("full"),
        Bytes.utf8("2"),
        WriteOptions.PLAIN
            .expiresAt(RestFixture.NOW.plusSeconds(60))
            .metadata(Metadata.json("{\"m\":false}")));

    String keys = "{\"keys\":[\"plain\",\"full\",\"none\"],\"withMetadata\":true";
    long expiration = RestFixture.NOW.plusSeconds(61).getEpochSecond();

    assertThat(ask(keys + "}").ok().result().get("values").toString())
        .isEqualTo(
            "{\"plain\":{\"value\":\"1\",\"metadata\":null},\"full\":{\"value\":\"2\","
                + "\"metadata\":{\"m\":false},\"expiration\":"
                + expiration
                + "},\"none\":null}");
    assertThat(ask(keys + ",\"type\":\"json\"}").ok().result().get("values").get("full").toString())
        .startsWith("{\"value\":2,");
  }

  @Test
  void returnsATextOfAnyLength() {
    for (int shift = 0; shift < 4; shift++) {
      String text = "x".repeat(shift) + "😀é\n".repeat(20_000);
      put("k", text);

      assertThat(ask("{\"keys\":[\"k\"]}").ok().result().get("values").get("k").asString())
          .isEqualTo(text);
    }
  }

  @Test
  void returnsAJsonOfAnyLength() {
    String json = "[\"" + "😀é ".repeat(50_000) + "\"]";
    put("k", json);

    assertThat(ask("{\"keys\":[\"k\"],\"type\":\"json\"}").ok().result().get("values").get("k"))
        .hasToString(json);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"keys\":[]}", "{}"})
  void requiresOneKey(String body) {
    ask(body).fails(400, 10029, "bulk get keys: 'You must request a minimum of 1 key'");
  }

  @Test
  void allowsAHundredKeys() {
    assertThat(ask(keys(100)).ok().result().get("values").size()).isEqualTo(100);

    ask(keys(101)).fails(400, 10029, "bulk get keys: 'You can request a maximum of 100 keys'");
  }

  private static String keys(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"k" + i + "\"")
        .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      value = {
        "[]!the body is not a JSON object", "\"x\"!the body is not a JSON object",
        "{\"keys\":\"a\"}!keys is not an array", "{\"keys\":[5]}!key 0 is not a string",
        "{\"keys\":[\"a\"]} 5!something follows the object"
      })
  void aBodyOfTheWrongShapeIsRefused(String body, String message) {
    ask(body).fails(400, 10012, "bulk get keys: '" + message + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"keys\":[\"a\"", "{\"keys\":[\"a\",]}"})
  void aBodyThatIsNotJsonIsRefused(String body) {
    assertThat(ask(body).code()).isEqualTo(10012);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"xml\"", "5", "null", "\"\""})
  void theTypeIsTextOrJson(String type) {
    String shown = type.replace("\"", "");

    ask("{\"keys\":[\"a\"],\"type\":" + type + "}")
        .fails(
            400,
            10029,
            "bulk get keys: '\"" + shown + "\" is not a valid type. Use \"json\" or \"text\"'");
  }

  @Test
  void keysAreChecked() {
    ask("{\"keys\":[\"a\",\"\"]}")
        .fails(400, 10023, "bulk get keys: key 1: 'Key names must not be empty'");
    ask("{\"keys\":[\".\"]}")
        .fails(
            400,
            10023,
            "bulk get keys: key 0: 'Illegal key name \".\". Please use a different name.'");
    ask("{\"keys\":[\"" + "x".repeat(513) + "\"]}")
        .fails(
            414,
            10030,
            "bulk get keys: key 0: 'UTF-8 encoded length of 513 exceeds key length limit of 512.'");
  }

  @Test
  void oneValueThatIsNotTextFailsTheRequest() {
    put("a", "1");
    for (byte[] bytes :
        new byte[][] {{(byte) 0xff}, {(byte) 0xc3}, {(byte) 0xed, (byte) 0xa0, (byte) 0x80}}) {
      rest.namespace.put(Key.of("b"), Bytes.copyOf(bytes), WriteOptions.PLAIN);

      ask("{\"keys\":[\"a\",\"b\"]}")
          .fails(
              400,
              10029,
              "bulk get keys: 'At least one of the requested keys corresponds to a non-text"
                  + " value'");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "", " ", "{", "1 2", "[1,]", "{\"a\":1}x", "NaN", "'a'"})
  void oneValueThatIsNotJsonFailsTheRequest(String value) {
    put("a", "1");
    put("b", value);

    ask("{\"keys\":[\"a\",\"b\"],\"type\":\"json\"}")
        .fails(
            400,
            10029,
            "bulk get keys: 'At least one of the requested keys corresponds to a non-json value'");
  }

  @Test
  void limitsTheTotalOfValues() {
    byte[] half = new byte[13_107_200];
    Arrays.fill(half, (byte) 'x');
    rest.namespace.put(Key.of("a"), Bytes.copyOf(half), WriteOptions.PLAIN);
    rest.namespace.put(Key.of("b"), Bytes.adopt(half), WriteOptions.PLAIN);
    put("c", "1");

    assertThat(ask("{\"keys\":[\"a\",\"b\"]}").ok().body().length).isGreaterThan(26_214_400);
    ask("{\"keys\":[\"a\",\"b\",\"c\"]}")
        .fails(413, 10024, "bulk get keys: 'Total size of request exceeds the limit of 25MB'");
  }

  @Test
  void limitsTheBody() {
    var small = new RestFixture(spool, Limit.JSON_BODY_BYTES, 1024);

    small
        .post(small.bulk("/get"), "{\"keys\":[\"a\"]}" + " ".repeat(1024))
        .fails(413, 10024, "bulk get keys: 'Body length of 1038 exceeds limit of 1024.'");
  }
}
