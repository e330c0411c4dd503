package selvedge.server.api.shared;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Metadata;
import selvedge.model.Version;
import selvedge.server.api.Json;
import selvedge.server.api.shared.KeyArray.MetadataForm;
import tools.jackson.databind.JsonNode;

final class KeyArrayTest {
  private static final Expiry EXPIRY = Expiry.at(Instant.ofEpochSecond(1_900_000_000));

  private static Listed listed(String key, Metadata metadata, Expiry expiry) {
    return new Listed(Key.of(key), metadata, expiry, new Version(1), 1);
  }

  private static String text(List<Listed> page, MetadataForm form) {
    return array(page, form).utf8();
  }

  private static Bytes array(List<Listed> page, MetadataForm form) {
    return Json.bytes(json -> KeyArray.write(json, page, form));
  }

  @Test
  void writesTheMembersThatAreSet() {
    List<Listed> page =
        List.of(
            listed("bare", Metadata.NONE, Expiry.NEVER),
            listed("whole", Metadata.json("{\"a\":[1,\"\\n\"]}"), EXPIRY));

    assertThat(text(page, MetadataForm.JSON))
        .isEqualTo(
            "[{\"name\":\"bare\"},{\"name\":\"whole\",\"expiration\":1900000000,"
                + "\"metadata\":{\"a\":[1,\"\\n\"]}}]");
    assertThat(text(page, MetadataForm.TEXT))
        .isEqualTo(
            "[{\"name\":\"bare\"},{\"name\":\"whole\",\"expiration\":1900000000,"
                + "\"metadata\":\"{\\\"a\\\":[1,\\\"\\\\n\\\"]}\"}]");
  }

  @Test
  void aPageWithoutKeysIsAnArrayWithoutElements() {
    assertThat(text(List.of(), MetadataForm.JSON)).isEqualTo("[]");
  }

  @Test
  void escapesAllCharactersCorrectly() {
    var random = new SplittableRandom(1);
    for (int round = 0; round < 300; round++) {
      List<Listed> page = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String key = characters(random, 1 + random.nextInt(80)) + i;
        String metadata = characters(random, random.nextInt(200));
        Bytes json = Json.bytes(out -> out.writeString(metadata));
        page.add(listed(key, Metadata.json(json), Expiry.NEVER));
      }

      JsonNode asJson = Json.tree(array(page, MetadataForm.JSON));
      JsonNode asText = Json.tree(array(page, MetadataForm.TEXT));

      for (int i = 0; i < page.size(); i++) {
        Listed listed = page.get(i);
        assertThat(asJson.get(i).get("name").stringValue()).isEqualTo(listed.key().name());
        assertThat(asText.get(i).get("name").stringValue()).isEqualTo(listed.key().name());
        assertThat(asJson.get(i).get("metadata")).isEqualTo(Json.tree(listed.metadata().json()));
        assertThat(asText.get(i).get("metadata").stringValue())
            .isEqualTo(listed.metadata().json().utf8());
      }
    }
  }

  /** Returns random characters, a third of them ASCII, without unpaired surrogates. */
  private static String characters(SplittableRandom random, int length) {
    var text = new StringBuilder();
    while (text.length() < length) {
      int point = random.nextInt(3) == 0 ? random.nextInt(128) : random.nextInt(0x11_0000);
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }
}
