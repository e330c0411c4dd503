package selvedge.verification.fuzz;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** Valid inputs that a fuzzing run starts from; one char per byte. */
final class FuzzSeeds {
  private static final int CHOICES = 40;
  private static final int CHOICE_BYTES_MAX = 400;

  private FuzzSeeds() {}

  static List<String> of(String target) {
    return switch (target.substring(target.lastIndexOf('.') + 1)) {
      case "FormTarget" ->
          List.of(
              "--b\r\n"
                  + "Content-Disposition: form-data; name=\"value\"\r\n\r\n"
                  + "v\r\n"
                  + "--b\r\n"
                  + "Content-Disposition: form-data; name=\"metadata\"\r\n\r\n"
                  + "{\"a\":1}\r\n"
                  + "--b--",
              "--b\r\n"
                  + "Content-Disposition: form-data; name=\"value\"; filename=\"blob\"\r\n"
                  + "Content-Type: application/octet-stream\r\n\r\n"
                  + "\u0000\r\n"
                  + "--b\r\n"
                  + "Content-Disposition: form-data; name=\"metadata[a][b]\"\r\n\r\n"
                  + "1\r\n"
                  + "--b--\r\n");
      case "BulkTarget" ->
          List.of(
              "\u0000[{\"key\":\"k\",\"value\":\"v\",\"expiration_ttl\":60,\"metadata\":{\"a\":[1]}},"
                  + "{\"key\":\"b\",\"value\":\"AA==\",\"base64\":true,\"expiration\":4102444800}]",
              "\u0001[\"a\",\"b\"]",
              "\u0003{\"keys\":[\"a\",\"json\"],\"type\":\"json\",\"withMetadata\":true}",
              "\u0004{\"keys\":[\"a\"],\"cacheTtl\":\"60\"}");
      case "MetadataTarget" ->
          List.of(
              "{\"a\":[1,-0.5e+3,true,false,null,\"\\u00e9\\n\u00c3\u00a9\"],\"b\":{}}",
              " [ \"\\ud800\" ,\n\"\u00f0\u009f\u0098\u0080\", 01 ] ",
              "1}\n{\"version\":1}");
      case "HttpTarget" ->
          List.of(
              "GET /livez HTTP/1.1\r\nHost: x\r\n\r\nGET /client/v4/user HTTP/1.1\r\n\r\n",
              "PUT /kv/x/k HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
              "POST /kv/x/bulk/get HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}",
              "PRI * HTTP/2.0\r\n\r\n"
                  + "SM\r\n\r\n"
                  + "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000");
      case "EveryTarget" -> ofEvery();
      case "FramesTarget", "CredentialsTarget", "ParsersTarget" -> choices();
      default -> List.of("\u0000\u0001\u0002\u0003");
    };
  }

  /** Returns the seeds of all targets, each with the last byte that selects its target. */
  private static List<String> ofEvery() {
    List<String> targets = EveryTarget.TARGETS;
    return targets.stream()
        .distinct()
        .flatMap(target -> of(target).stream().map(seed -> seed + (char) targets.indexOf(target)))
        .toList();
  }

  /** Returns inputs that are long enough for all choices of a target. */
  private static List<String> choices() {
    return new Random(1)
        .ints(CHOICES, 1, CHOICE_BYTES_MAX)
        .mapToObj(
            length ->
                new Random(length)
                    .ints(length, 0, 256)
                    .mapToObj(Character::toString)
                    .collect(Collectors.joining()))
        .toList();
  }
}
