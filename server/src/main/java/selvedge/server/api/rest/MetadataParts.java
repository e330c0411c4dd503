package selvedge.server.api.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.server.api.Json;
import tools.jackson.core.JsonGenerator;

/**
 * Metadata that the official SDK has split into the leaves of its tree.
 *
 * <p>{@code metadata[a][b]} is a member of an object, {@code metadata[a][]} the next element of a
 * list. All leaves are text: the SDK does not send their type.
 */
final class MetadataParts {
  private static final int DEPTH_MAX = 100;

  private final Branch root = new Branch();

  private sealed interface Tree {}

  private record Leaf(String text) implements Tree {}

  private static final class Branch implements Tree {
    private final Map<String, Tree> members = new LinkedHashMap<>();
    private final List<Leaf> elements = new ArrayList<>();
  }

  boolean isEmpty() {
    return root.members.isEmpty() && root.elements.isEmpty();
  }

  /**
   * @param path the names on the path to the leaf, such as {@code [a][b]}
   */
  void add(String path, String text) {
    String[] names = path.substring(1, path.length() - 1).split("]\\[", -1);
    if (names.length > DEPTH_MAX) {
      throw contradiction("it is nested too deep");
    }
    Branch branch = root;
    for (int i = 0; i < names.length - 1; i++) {
      branch = branch(branch, names[i]);
    }
    put(branch, names[names.length - 1], new Leaf(text));
  }

  private static Branch branch(Branch parent, String name) {
    if (name.isEmpty()) {
      // The form does not show where one element of the list ends and the next one starts.
      throw contradiction("a list of objects or lists has to come as one part with JSON");
    }
    requireMembers(parent);
    if (parent.members.computeIfAbsent(name, _ -> new Branch()) instanceof Branch branch) {
      return branch;
    }
    throw contradiction(name + " is both text and an object");
  }

  private static void put(Branch parent, String name, Leaf leaf) {
    if (name.isEmpty()) {
      if (!parent.members.isEmpty()) {
        throw contradiction("something is both a list and an object");
      }
      parent.elements.add(leaf);
      return;
    }
    requireMembers(parent);
    @Nullable Tree before = parent.members.put(name, leaf);
    if (before != null) {
      throw contradiction(name + " is given twice");
    }
  }

  private static void requireMembers(Branch parent) {
    if (!parent.elements.isEmpty()) {
      throw contradiction("something is both a list and an object");
    }
  }

  private static RestFailure contradiction(String problem) {
    return new RestFailure(400, 10147, "metadata must be valid json: " + problem);
  }

  Bytes json() {
    return Json.bytes(json -> write(json, root));
  }

  private static void write(JsonGenerator json, Tree tree) {
    switch (tree) {
      case Leaf(String text) -> json.writeString(text);
      case Branch branch when !branch.elements.isEmpty() -> {
        json.writeStartArray();
        branch.elements.forEach(leaf -> json.writeString(leaf.text()));
        json.writeEndArray();
      }
      case Branch branch -> {
        json.writeStartObject();
        branch.members.forEach(
            (name, member) -> {
              json.writeName(name);
              write(json, member);
            });
        json.writeEndObject();
      }
    }
  }
}
