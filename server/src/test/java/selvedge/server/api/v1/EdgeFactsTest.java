package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Json;
import selvedge.server.audit.Act;
import tools.jackson.databind.JsonNode;

/** What an edge reports beside its status. */
final class EdgeFactsTest {
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private static Act act(String server) {
    return new Act(
        NOW, "token 1", "127.0.0.1:1", "promote", "/v1/promote", Map.of(), 200, 0, server);
  }

  private static JsonNode json(EdgeFacts facts) {
    return Json.tree(
        Json.bytes(
            json -> {
              json.writeStartObject();
              facts.write(json);
              json.writeEndObject();
            }));
  }

  @Test
  void factsAreReadAsTheyWereWritten() {
    var facts = new EdgeFacts(7, List.of(act("fra")), Map.of("0123", NOW), Bytes.utf8("frame"));
    assertThat(EdgeFacts.read(json(facts))).isEqualTo(facts);
  }

  @Test
  void anEdgeCannotReportAnActOfTheOrigin() {
    assertThatThrownBy(
            () -> EdgeFacts.read(json(new EdgeFacts(1, List.of(act("")), Map.of(), Bytes.EMPTY))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("without the location of the edge");
  }

  @Test
  void aWrongTimeIsRefused() {
    assertThatThrownBy(() -> EdgeFacts.read(Json.tree(Bytes.utf8("{\"token_use\":{\"a\":\"x\"}}"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("wrong time");
  }

  @Test
  void theStatusOfAnEdgeIsShownWithoutItsFacts() {
    var reports = new EdgeReports(() -> 0);
    JsonNode facts =
        reports.store(Bytes.utf8("{\"location\":\"fra\",\"facts\":{\"number\":3},\"x\":1.50}"));
    assertThat(EdgeFacts.read(facts).number()).isEqualTo(3);
    String shown =
        Json.bytes(
                json -> {
                  json.writeStartObject();
                  reports.write(json);
                  json.writeEndObject();
                })
            .utf8();
    assertThat(shown).contains("fra").doesNotContain("facts");
  }
}
