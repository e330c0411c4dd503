package selvedge.server.api.rest;

import selvedge.model.Bytes;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Response;
import tools.jackson.core.JsonGenerator;

/** The JSON object around every answer except a value. */
final class Envelope {

  static final Json.Writing NULL = JsonGenerator::writeNull;

  private static final Json.Writing NO_INFO = _ -> {};
  private static final Response.Header JSON =
      new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE);

  /** The success of an operation without a result, such as most changes. */
  static final Response DONE =
      success(
          json -> {
            json.writeStartObject();
            json.writeEndObject();
          });

  private Envelope() {}

  static Response success(Json.Writing result) {
    return success(result, NO_INFO, NO_INFO);
  }

  /**
   * @param info writes the member {@code result_info}, or nothing
   */
  static Response success(Json.Writing result, Json.Writing info) {
    return success(result, info, NO_INFO);
  }

  /**
   * @param messages writes the elements of {@code messages}
   */
  static Response success(Json.Writing result, Json.Writing info, Json.Writing messages) {
    Bytes body =
        Json.bytes(
            json -> {
              open(json, messages);
              result.to(json);
              info.to(json);
              json.writeEndObject();
            });
    return Response.of(200, new Body.Held(body), JSON);
  }

  /** Writes a success with values by key. */
  static void values(JsonGenerator json, Json.Writing values) {
    open(json, NO_INFO);
    json.writeStartObject();
    json.writeName("values");
    values.to(json);
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void open(JsonGenerator json, Json.Writing messages) {
    json.writeStartObject();
    json.writeBooleanProperty("success", true);
    json.writeArrayPropertyStart("errors");
    json.writeEndArray();
    json.writeArrayPropertyStart("messages");
    messages.to(json);
    json.writeEndArray();
    json.writeName("result");
  }

  static Response failure(RestFailure failure) {
    Bytes body =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeBooleanProperty("success", false);
              json.writeArrayPropertyStart("errors");
              json.writeStartObject();
              json.writeNumberProperty("code", failure.code());
              json.writeStringProperty("message", failure.getMessage());
              chain(json, failure);
              json.writeEndObject();
              json.writeEndArray();
              json.writeArrayPropertyStart("messages");
              json.writeEndArray();
              json.writeNullProperty("result");
              json.writeEndObject();
            });
    Response response = Response.of(failure.status(), new Body.Held(body), JSON);
    for (Response.Header header : failure.headers()) {
      response = response.header(header.name(), header.value());
    }
    return response;
  }

  private static void chain(JsonGenerator json, RestFailure failure) {
    if (!failure.chain().isEmpty()) {
      json.writeArrayPropertyStart("error_chain");
      for (RestFailure.Cause cause : failure.chain()) {
        json.writeStartObject();
        json.writeNumberProperty("code", cause.code());
        json.writeStringProperty("message", cause.message());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
  }
}
