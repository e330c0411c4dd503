package selvedge.server.site;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.Version;
import selvedge.server.api.v1.ForeignClusters;
import tools.jackson.core.JsonGenerator;

/**
 * The status of a server's changes: kept stores, a blocked replacement, a new lineage, and refused
 * clusters. Safe for use by many threads.
 */
final class LineageStatus {
  private final StoreDirectory directory;
  private final ForeignClusters refused;
  private volatile String blocked = "";
  private volatile @Nullable NewLineage newLineage;

  /** A lineage that an origin has begun since its start. */
  private record NewLineage(Instant at, Version agreed, Version elsewhere) {}

  LineageStatus(StoreDirectory directory, ForeignClusters refused) {
    this.directory = directory;
    this.refused = refused;
  }

  /** Records why no snapshot can replace the store in use; an empty reason means that one can. */
  void blocked(String reason) {
    blocked = reason;
  }

  /** Returns why no snapshot can replace the store in use; empty if one can. */
  String blocked() {
    return blocked;
  }

  /** Records that an origin has begun a lineage because another server has more of the old one. */
  void begunLineage(Instant at, Version agreed, Version elsewhere) {
    newLineage = new NewLineage(at, agreed, elsewhere);
  }

  /** Writes what origins and edges have. */
  void write(JsonGenerator json) {
    json.writeArrayPropertyStart("unseen");
    directory.unseen().forEach(json::writeString);
    json.writeEndArray();
    NewLineage last = newLineage;
    if (last != null) {
      json.writeObjectPropertyStart("lineage_begun");
      json.writeStringProperty("at", last.at().toString());
      json.writeNumberProperty("agreed", last.agreed().number());
      json.writeNumberProperty("elsewhere", last.elsewhere().number());
      json.writeEndObject();
    }
    json.writeName("refused");
    refused.write(json);
  }
}
