package selvedge.graphql;

import graphql.language.AstTransformer;
import graphql.language.Document;
import graphql.language.Node;
import graphql.language.NodeVisitorStub;
import graphql.language.TypeName;
import graphql.schema.GraphQLNamedType;
import graphql.schema.GraphQLSchema;
import graphql.util.TraversalControl;
import graphql.util.TraverserContext;
import graphql.util.TreeTransformerUtil;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replaces the names of types in a document by those of the schema. Clients write the same type as
 * {@code String} and {@code string}, or with {@code Kv} and {@code KV}. Immutable.
 */
final class VariableTypes {
  private static final String ACCOUNT = "account";
  private static final Map<String, String> SYNONYMS =
      Map.of(
          "int", "uint64", "uint8", "uint64", "uint16", "uint64", "uint32", "uint64", "id",
          "string", "float", "float64");

  /** The names of the schema by their lower-case forms. */
  private final Map<String, String> names = new TreeMap<>();

  VariableTypes(GraphQLSchema schema) {
    schema.getAllTypesAsList().stream()
        .map(GraphQLNamedType::getName)
        .filter(name -> !name.startsWith("__"))
        .forEach(name -> names.put(lower(name), name));
    names.put("string", "string");
    SYNONYMS.forEach(names::put);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private String replaced(String name) {
    String known = names.get(lower(name));
    return known == null ? names.getOrDefault(ACCOUNT + lower(name), name) : known;
  }

  Document normalize(Document document) {
    return (Document)
        new AstTransformer()
            .transform(
                document,
                new NodeVisitorStub() {
                  @Override
                  @SuppressWarnings("rawtypes") // as the library declares it
                  public TraversalControl visitTypeName(
                      TypeName node, TraverserContext<Node> context) {
                    String name = replaced(node.getName());
                    return name.equals(node.getName())
                        ? TraversalControl.CONTINUE
                        : TreeTransformerUtil.changeNode(
                            context, node.transform(builder -> builder.name(name)));
                  }
                });
  }
}
