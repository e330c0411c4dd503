package selvedge.server.site;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Version;
import selvedge.server.api.v1.ForeignClusters;
import tools.jackson.core.JsonGenerator;

/**
 * What an operator must know of the changes that a server has, or that it lacks. Safe for use by
 * many threads.
 */
final class LineageStatus {
  private final StoreDirectory directory;
  private final ForeignClusters strangers;
  private volatile String blocked = "";
  private volatile @Nullable Begun begun;

  /** A lineage that an origin has begun since its start. */
  private record Begun(Instant at, Version agreed, Version elsewhere) {}

  LineageStatus(StoreDirectory directory, ForeignClusters strangers) {
    this.directory = directory;
    this.strangers = strangers;
  }

  /**
   * Records why no snapshot takes the place of the store in use; empty when nothing prevents it.
   */
  void blocked(String why) {
    blocked = why;
  }

  /** Records that an origin has begun a lineage because more of the old one exists elsewhere. */
  void begun(Instant at, Version agreed, Version elsewhere) {
    begun = new Begun(at, agreed, elsewhere);
  }

  void write(JsonGenerator json) {
    json.writeArrayPropertyStart("unseen");
    directory.unseen().forEach(json::writeString);
    json.writeEndArray();
    if (!blocked.isEmpty()) {
      json.writeStringProperty("blocked", blocked);
    }
    Begun last = begun;
    if (last != null) {
      json.writeObjectPropertyStart("lineage_begun");
      json.writeStringProperty("at", last.at().toString());
      json.writeNumberProperty("agreed", last.agreed().number());
      json.writeNumberProperty("elsewhere", last.elsewhere().number());
      json.writeEndObject();
    }
    json.writeName("refused");
    strangers.write(json);
  }
}
