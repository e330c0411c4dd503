package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Mutation;
import selvedge.model.Version;
import selvedge.server.api.Json;
import tools.jackson.core.JsonGenerator;

/** How a feed is written: a line of JSON a change, or an event of a browser's event stream. */
enum FeedForm {
  LINES("application/x-ndjson") {
    @Override
    void write(OutputStream out, String id, Json.Writing members) throws IOException {
      out.write(object(members));
      out.write('\n');
    }

    @Override
    void heartbeat(OutputStream out, Version version, Instant now) throws IOException {
      write(
          out,
          "",
          json -> {
            json.writeNumberProperty("heartbeat", version.number());
            json.writeStringProperty("at", now.toString());
          });
      out.flush();
    }
  },
  EVENTS("text/event-stream") {
    @Override
    void write(OutputStream out, String id, Json.Writing members) throws IOException {
      if (!id.isEmpty()) {
        out.write(("id: " + id + "\n").getBytes(StandardCharsets.US_ASCII));
      }
      out.write("data: ".getBytes(StandardCharsets.US_ASCII));
      out.write(object(members));
      out.write('\n');
      out.write('\n');
    }

    @Override
    void heartbeat(OutputStream out, Version version, Instant now) throws IOException {
      String comment = ": version " + version + " at " + now + "\n\n";
      out.write(comment.getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
  };

  private final String contentType;

  FeedForm(String contentType) {
    this.contentType = contentType;
  }

  String contentType() {
    return contentType;
  }

  /** A sign of life: nothing that the reader wants has happened up to this version. */
  abstract void heartbeat(OutputStream out, Version version, Instant now) throws IOException;

  /**
   * Writes one object.
   *
   * @param id from where a reader may go on; empty if from nowhere
   */
  abstract void write(OutputStream out, String id, Json.Writing members) throws IOException;

  void change(OutputStream out, Change change) throws IOException {
    write(out, change.version().toString(), json -> members(json, change));
  }

  /** The last words of a feed. */
  void failure(OutputStream out, String code, String message) throws IOException {
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
    switch (change.mutation()) {
      case Mutation.Put put -> {
        json.writeStringProperty("type", "put");
        json.writeStringProperty("key", put.key().name());
        json.writeNumberProperty("size", put.value().length());
        if (put.expiry() instanceof Expiry.At(var instant)) {
          json.writeNumberProperty("expiration", instant.getEpochSecond());
        }
        if (put.metadata().isPresent()) {
          json.writeName("metadata");
          Json.writeRaw(json, put.metadata().json());
        }
      }
      case Mutation.Delete(var key) -> {
        json.writeStringProperty("type", "delete");
        json.writeStringProperty("key", key.name());
      }
      case Mutation.Clear(var prefix) -> {
        json.writeStringProperty("type", "clear");
        json.writeStringProperty("prefix", prefix.utf8());
      }
    }
  }

  private static byte[] object(Json.Writing members) {
    return Json.bytes(
            json -> {
              json.writeStartObject();
              members.to(json);
              json.writeEndObject();
            })
        .toArray();
  }
}
