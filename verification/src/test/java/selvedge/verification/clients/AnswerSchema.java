package selvedge.verification.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The responses that the operations of Workers KV may have, from {@code kv-answers.json}. */
final class AnswerSchema {
  private static final String FILE = "kv-answers.json";

  private final JsonNode types;
  private final JsonNode operations;

  private AnswerSchema(JsonNode root) {
    this.types = root.path("types");
    this.operations = root.path("operations");
  }

  static AnswerSchema load() {
    try (InputStream file =
        Objects.requireNonNull(AnswerSchema.class.getResourceAsStream(FILE), FILE)) {
      return new AnswerSchema(new JsonMapper().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FILE, e);
    }
  }

  /** Returns the operations with their requests, such as {@code GET /{namespace}/keys}. */
  Map<String, String> requests() {
    Map<String, String> requests = new TreeMap<>();
    operations
        .properties()
        .forEach(each -> requests.put(each.getKey(), each.getValue().path("request").asString()));
    return requests;
  }

  /** Returns whether the response of an operation is a value instead of JSON. */
  boolean hasBytes(String operation) {
    return operations.path(operation).path("answer").asString("").equals("bytes");
  }

  /** Returns the difference of a success from the schema; empty if it is valid. */
  List<String> problems(String operation, JsonNode answer) {
    return problems("", operations.path(operation).path("answer"), answer);
  }

  /** Returns the difference of an error from the schema; empty if it is valid. */
  List<String> problemsOfFailure(JsonNode answer) {
    return problems("", types.path("failure"), answer);
  }

  private List<String> problems(String path, JsonNode type, JsonNode value) {
    if (type.isString()) {
      return named(path, type.asString(), value);
    }
    Map.Entry<String, JsonNode> first = type.properties().iterator().next();
    JsonNode argument = first.getValue();
    return switch (first.getKey()) {
      case "equals" -> check(path, value.equals(argument), "equal to " + argument, value);
      case "text" ->
          check(
              path,
              value.isString() && value.asString().length() <= argument.asInt(),
              "a string of at most " + argument + " characters",
              value);
      case "integerFrom" ->
          check(
              path,
              value.isIntegralNumber() && value.asLong() >= argument.asLong(),
              "an integer from " + argument,
              value);
      case "list" -> list(path, argument, type.path("unique").asBoolean(false), value);
      case "map" -> map(path, argument, value);
      case "members" -> members(path, argument, value);
      case "anyOf" -> anyOf(path, argument, value);
      case "allOf" ->
          argument.valueStream().flatMap(each -> problems(path, each, value).stream()).toList();
      default -> throw new IllegalStateException(FILE + " has an unknown type: " + type);
    };
  }

  private List<String> named(String path, String name, JsonNode value) {
    return switch (name) {
      case "any" -> check(path, !value.isMissingNode(), "present", value);
      case "null" -> check(path, value.isNull(), "null", value);
      case "string" -> check(path, value.isString(), "a string", value);
      case "boolean" -> check(path, value.isBoolean(), "true or false", value);
      case "number" -> check(path, value.isNumber(), "a number", value);
      default ->
          problems(
              path,
              Optional.of(types.path(name))
                  .filter(type -> !type.isMissingNode())
                  .orElseThrow(() -> new IllegalStateException(FILE + " has no type " + name)),
              value);
    };
  }

  private List<String> list(String path, JsonNode element, boolean unique, JsonNode value) {
    List<String> problems = new ArrayList<>(check(path, value.isArray(), "an array", value));
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      problems.addAll(problems(path + "[" + i + "]", element, value.get(i)));
    }
    if (unique && new HashSet<>(value.values()).size() < value.size()) {
      problems.add(path + " has an element twice: " + value);
    }
    return problems;
  }

  private List<String> map(String path, JsonNode element, JsonNode value) {
    List<String> problems = new ArrayList<>(check(path, value.isObject(), "an object", value));
    value
        .properties()
        .forEach(
            each ->
                problems.addAll(problems(path + "." + each.getKey(), element, each.getValue())));
    return problems;
  }

  private List<String> members(String path, JsonNode members, JsonNode value) {
    List<String> problems = new ArrayList<>(check(path, value.isObject(), "an object", value));
    members
        .properties()
        .forEach(
            each -> {
              boolean optional = each.getKey().endsWith("?");
              String name = each.getKey().replace("?", "");
              if (value.has(name)) {
                problems.addAll(problems(path + "." + name, each.getValue(), value.path(name)));
              } else if (!optional) {
                problems.add(path + " has no " + name + ": " + value);
              }
            });
    return problems;
  }

  private List<String> anyOf(String path, JsonNode options, JsonNode value) {
    boolean fits =
        options.valueStream().anyMatch(option -> problems(path, option, value).isEmpty());
    return check(path, fits, "any of " + options, value);
  }

  private static List<String> check(
      String path, boolean holds, String requirement, JsonNode value) {
    return holds ? List.of() : List.of(path + " must be " + requirement + ", got " + value);
  }
}
