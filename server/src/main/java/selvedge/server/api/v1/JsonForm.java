package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import selvedge.engine.replication.Descent;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Mutation;
import selvedge.model.Version;
import selvedge.server.api.Json;
import tools.jackson.core.JsonGenerator;

/** Writes each change as a JSON object. */
abstract class JsonForm implements FeedForm {

  /**
   * Writes one object.
   *
   * @param id the version from which a reader may continue; empty if it cannot
   */
  abstract void write(OutputStream out, String id, Json.Writing members) throws IOException;

  @Override
  public void change(OutputStream out, Change change) throws IOException {
    write(out, change.version().toString(), json -> members(json, change));
  }

  /** Writes a heartbeat and sends it at once. */
  abstract void heartbeat(OutputStream out, Json.Writing members) throws IOException;

  @Override
  public void heartbeat(OutputStream out, Version version, Instant now) throws IOException {
    heartbeat(out, json -> reached(json, version, now));
  }

  @Override
  public void position(OutputStream out, Descent reader, Instant now) throws IOException {
    heartbeat(
        out,
        json -> {
          reached(json, reader.latest(), now);
          json.writeNumberProperty("epoch", reader.epoch());
          if (!reader.openings().isEmpty()) {
            json.writeStringProperty("opening", reader.openings().text().utf8());
          }
        });
  }

  private static void reached(JsonGenerator json, Version version, Instant now) {
    json.writeNumberProperty("heartbeat", version.number());
    json.writeStringProperty("at", now.toString());
  }

  @Override
  public void failure(OutputStream out, String code, String message) throws IOException {
    write(
        out,
        "",
        json -> {
          json.writeObjectPropertyStart("error");
          json.writeStringProperty("code", code);
          json.writeStringProperty("message", message);
          json.writeEndObject();
        });
    out.flush();
  }

  private static void members(JsonGenerator json, Change change) {
    json.writeNumberProperty("version", change.version().number());
    json.writeStringProperty("at", change.at().toString());
    json.writeStringProperty("namespace", change.namespace().hex());
    json.writeStringProperty("type", FeedFilter.type(change.mutation()));
    switch (change.mutation()) {
      case Mutation.Put put -> {
        json.writeStringProperty("key", put.key().name());
        json.writeNumberProperty("size", put.value().length());
        if (put.expiry() instanceof Expiry.At at) {
          json.writeNumberProperty("expiration", at.wholeSecond());
        }
        if (put.metadata().isPresent()) {
          json.writeName("metadata");
          Json.writeRaw(json, put.metadata().json());
        }
      }
      case Mutation.Delete(var key) -> {
        json.writeStringProperty("key", key.name());
      }
      case Mutation.Clear(var prefix) -> {
        json.writeStringProperty("prefix", prefix.utf8());
      }
    }
  }

  static byte[] object(Json.Writing members) {
    return Json.bytes(
            json -> {
              json.writeStartObject();
              members.to(json);
              json.writeEndObject();
            })
        .toArray();
  }
}
