package selvedge.server.site;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.engine.Engine;
import selvedge.engine.edge.Follower;
import selvedge.engine.edge.PropagationDelays;
import selvedge.engine.edge.Replica;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.store.rocks.EncryptionState;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.server.api.Json;
import selvedge.server.api.v1.EdgeFacts;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.config.Config;
import selvedge.server.health.Health;
import selvedge.server.voter.Voter;
import tools.jackson.core.JsonGenerator;

/** The status of a process and of the edges that follow it. Safe for use by many threads. */
final class StatusReport {
  private static final double NANOS_PER_MILLI = 1e6;

  private final Config config;
  private final Supplier<Health> health;
  private final String followed;
  private final StoreRole role;
  private final RocksStore store;
  private final EdgeReports edges;
  private final LineageStatus lineageStatus;
  private final InstantSource clock;
  private final Supplier<Optional<Voter.Status>> voting;
  private final Json.Writing more;

  /**
   * @param followed the address of the origin of an edge; empty at an origin
   * @param more writes further members
   */
  StatusReport(
      SiteContext context,
      SiteParts parts,
      String followed,
      Engine<? extends StoreRole> engine,
      Json.Writing more) {
    this.config = context.config();
    this.health = context.health();
    this.followed = followed;
    this.role = engine.role();
    this.store = engine.rocks();
    this.edges = parts.edgeReports();
    this.lineageStatus = parts.lineageStatus();
    this.clock = context.clock();
    this.voting = () -> parts.voting().status();
    this.more = more;
  }

  /**
   * Returns the status with the facts that an edge reports. If the edges that follow this one make
   * it too large, their number replaces them.
   */
  Bytes bytes(EdgeFacts facts) {
    Bytes all = bytes(facts, edges::write);
    return all.size() <= EdgeReports.REPORT_BYTES_MAX ? all : bytes(facts, edges::writeOmitted);
  }

  private Bytes bytes(EdgeFacts facts, Json.Writing followers) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          members(json, false);
          followers.to(json);
          if (!facts.isEmpty()) {
            json.writeObjectPropertyStart("facts");
            facts.write(json);
            json.writeEndObject();
          }
          json.writeEndObject();
        });
  }

  void members(JsonGenerator json) {
    members(json, true);
    edges.write(json);
  }

  /** Writes which server this is. */
  void identity(JsonGenerator json) {
    json.writeStringProperty("location", config.location());
    String follower = config.isVoter() ? "voter" : "edge";
    json.writeStringProperty("role", role instanceof Replica ? follower : "origin");
    json.writeStringProperty("cluster", role.descent().cluster().toString());
    String software = StatusReport.class.getPackage().getImplementationVersion();
    if (software != null) {
      json.writeStringProperty("software", software);
    }
  }

  /**
   * @param whole whether to write all openings, or only the newest
   */
  private void members(JsonGenerator json, boolean whole) {
    Descent descent = role.descent();
    identity(json);
    voting.get().ifPresent(each -> quorum(json, each));
    json.writeNumberProperty("disk_free_bytes", store.freeBytes());
    json.writeNumberProperty("epoch", descent.epoch());
    json.writeNumberProperty("version", descent.latest().number());
    json.writeNumberProperty("horizon", store.horizon().number());
    json.writeStringProperty("at", clock.instant().toString());
    json.writeStringProperty("trusted_at", role.clockCheck().trustedAt().toString());
    Health now = health.get();
    json.writeObjectPropertyStart("health");
    json.writeStringProperty("state", now.state().label());
    if (!now.detail().isEmpty()) {
      json.writeStringProperty("reason", now.detail());
    }
    json.writeEndObject();
    List<String> damage = store.damage();
    if (!damage.isEmpty()) {
      json.writeArrayPropertyStart("damage");
      damage.forEach(json::writeString);
      json.writeEndArray();
    }
    store.encryption().ifPresent(state -> encryption(json, state));
    role.clockCheck().doubt().ifPresent(doubt -> json.writeStringProperty("clock_doubt", doubt));
    json.writeArrayPropertyStart("lineage");
    for (Lineage.Ancestor ancestor : descent.lineage().ancestors()) {
      json.writeStartObject();
      json.writeNumberProperty("epoch", ancestor.epoch());
      json.writeNumberProperty("version", ancestor.last().number());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringProperty("opening", Openings.idText(descent.openings().newest()));
    if (whole) {
      json.writeArrayPropertyStart("openings");
      descent.openings().text().utf8().lines().forEach(json::writeString);
      json.writeEndArray();
    }
    lineageStatus.write(json);
    if (role instanceof Replica replica) {
      edge(json, replica);
    } else {
      json.writeNumberProperty("age_millis", 0);
    }
    json.writeName("metadata_not_json");
    role.metadata().last().ifPresentOrElse(json::writeNumber, json::writeNull);
    more.to(json);
  }

  private static void quorum(JsonGenerator json, Voter.Status voter) {
    json.writeObjectPropertyStart("quorum");
    json.writeStringProperty("node", voter.node());
    json.writeStringProperty("leader", voter.leader());
    json.writeNumberProperty("term", voter.term());
    json.writeNumberProperty("applied", voter.applied());
    json.writeNumberProperty("form", voter.forms().current());
    json.writeNumberProperty("newest_form", voter.forms().newest());
    json.writeBooleanProperty("log_encrypted", voter.logEncrypted());
    members(json, "voters", voter.members());
    members(json, "waiting", voter.waiting());
    json.writeEndObject();
  }

  private static void members(JsonGenerator json, String name, List<Voter.Member> members) {
    json.writeArrayPropertyStart(name);
    for (Voter.Member member : members) {
      json.writeStartObject();
      json.writeStringProperty("node", member.node());
      json.writeStringProperty("address", member.address());
      json.writeStringProperty("url", member.uri().toString());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void encryption(JsonGenerator json, EncryptionState state) {
    json.writeObjectPropertyStart("encryption");
    json.writeStringProperty("master_key", state.masterKey());
    json.writeBooleanProperty("complete", state.complete());
    json.writeNumberProperty("rewritten_percent", state.rewritten());
    state.failure().ifPresent(why -> json.writeStringProperty("failure", why));
    if (state.earlier().number() > 0) {
      json.writeNumberProperty("earlier_keys_until", state.earlier().number());
    }
    state.trouble().ifPresent(why -> json.writeStringProperty("key_trouble", why));
    json.writeEndObject();
  }

  private void edge(JsonGenerator json, Replica replica) {
    json.writeName("age_millis");
    replica
        .freshness()
        .age()
        .ifPresentOrElse(age -> json.writeNumber(millis(age)), json::writeNull);
    Follower.Connection connection = replica.connection();
    json.writeStringProperty("follows", followed);
    json.writeBooleanProperty("connected", connection.open());
    json.writeStringProperty("since", connection.since().toString());
    if (!connection.trouble().isEmpty()) {
      json.writeStringProperty("trouble", connection.trouble());
    }
    String blocked = lineageStatus.blocked();
    if (!connection.open() && !blocked.isEmpty()) {
      json.writeStringProperty("blocked", blocked);
    }
    if (replica.isPartial()) {
      json.writeArrayPropertyStart("cached");
      replica.cached().forEach(id -> json.writeString(id.hex()));
      json.writeEndArray();
    }
    json.writeNumberProperty("stale_answers", replica.staleAnswers());
    PropagationDelays.Summary delays = replica.delays().summary();
    json.writeObjectPropertyStart("propagation");
    json.writeNumberProperty("seconds", PropagationDelays.SPAN.toSeconds());
    json.writeNumberProperty("count", delays.count());
    json.writeNumberProperty("p50_millis", millis(delays.median()));
    json.writeNumberProperty("p99_millis", millis(delays.p99()));
    json.writeNumberProperty("max_millis", millis(delays.max()));
    json.writeEndObject();
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / NANOS_PER_MILLI;
  }
}
