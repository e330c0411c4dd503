package selvedge.graphql;

import graphql.ExecutionInput;
import graphql.ExecutionResult;
import graphql.GraphQL;
import graphql.GraphQLError;
import graphql.GraphqlErrorBuilder;
import graphql.ParseAndValidate;
import graphql.ParseAndValidateResult;
import graphql.execution.DataFetcherExceptionHandlerParameters;
import graphql.execution.DataFetcherExceptionHandlerResult;
import graphql.execution.preparsed.PreparsedDocumentEntry;
import graphql.language.Document;
import graphql.parser.InvalidSyntaxException;
import graphql.schema.GraphQLScalarType;
import graphql.schema.GraphQLSchema;
import graphql.schema.idl.RuntimeWiring;
import graphql.schema.idl.SchemaGenerator;
import graphql.schema.idl.SchemaParser;
import graphql.validation.GoodFaithIntrospectionExceeded;
import graphql.validation.QueryComplexityLimits;
import graphql.validation.QueryComplexityLimitsExceeded;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Namespaces;
import selvedge.model.SelvedgeException;
import selvedge.server.access.Caller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.Selection;
import selvedge.server.analytics.Visibility;
import selvedge.server.api.graphql.QueryEngine;

/** Executes queries. Safe for use by many threads. */
final class GraphqlEngine implements QueryEngine {
  private static final Logger LOG = LoggerFactory.getLogger(GraphqlEngine.class);
  private static final QueryComplexityLimits LIMITS =
      QueryComplexityLimits.newLimits().maxDepth(20).maxFieldsCount(500).build();

  private final Namespaces namespaces;
  private final GraphQL graphql;
  private final GraphQLSchema schema;
  private final VariableTypes types;

  GraphqlEngine(Analytics analytics, Namespaces namespaces) {
    this.namespaces = namespaces;
    this.schema = schema(new AccountFetcher(analytics, namespaces));
    this.types = new VariableTypes(schema);
    this.graphql =
        GraphQL.newGraphQL(schema)
            .preparsedDocumentProvider(
                (input, _) -> CompletableFuture.completedFuture(prepare(input)))
            .defaultDataFetcherExceptionHandler(
                parameters -> CompletableFuture.completedFuture(failure(parameters)))
            .build();
  }

  private static GraphQLSchema schema(AccountFetcher fetcher) {
    String scalars =
        Scalars.all().stream()
            .map(each -> "scalar " + each.getName() + "\n")
            .collect(Collectors.joining());
    String text =
        scalars
            + """
            type Query { viewer: Viewer! cost: uint64! }
            type Viewer {
              accounts(filter: AccountFilter_InputObject, limit: uint64): [Account!]!
              budget: uint64!
            }
            input AccountFilter_InputObject { accountTag: string accountTag_in: [string!] }
            type Account { accountTag: string! %s %s }
            """
                .formatted(Dataset.OPERATIONS.declaration(), Dataset.STORAGE.declaration())
            + Stream.of(Dataset.values()).map(Dataset::declarations).collect(Collectors.joining());
    RuntimeWiring.Builder wiring =
        RuntimeWiring.newRuntimeWiring()
            .type(
                "Query",
                type ->
                    type.dataFetcher("viewer", _ -> Map.of("budget", Integer.MAX_VALUE))
                        .dataFetcher("cost", _ -> 1))
            .type("Viewer", type -> type.dataFetcher("accounts", fetcher::accounts))
            .type(
                "Account",
                type ->
                    type.dataFetcher(Dataset.OPERATIONS.field(), fetcher::operations)
                        .dataFetcher(Dataset.STORAGE.field(), fetcher::storage));
    for (GraphQLScalarType scalar : Scalars.all()) {
      wiring.scalar(scalar);
    }
    return new SchemaGenerator()
        .makeExecutableSchema(new SchemaParser().parse(text), wiring.build());
  }

  /** Parses a query, replaces the names of types that clients write differently, and checks it. */
  private PreparsedDocumentEntry prepare(ExecutionInput input) {
    ParseAndValidateResult parsed = ParseAndValidate.parse(input);
    InvalidSyntaxException syntax = parsed.getSyntaxException();
    Document written = parsed.getDocument();
    if (syntax != null || written == null) {
      return new PreparsedDocumentEntry(
          syntax == null
              ? GraphqlErrorBuilder.newError().message("the query is empty").build()
              : syntax.toInvalidSyntaxError());
    }
    Document document = types.normalize(written);
    try {
      List<? extends GraphQLError> errors =
          ParseAndValidate.validate(schema, document, _ -> true, Locale.ROOT, LIMITS);
      return errors.isEmpty()
          ? new PreparsedDocumentEntry(document)
          : new PreparsedDocumentEntry(document, errors);
    } catch (GoodFaithIntrospectionExceeded | QueryComplexityLimitsExceeded e) {
      return new PreparsedDocumentEntry(
          GraphqlErrorBuilder.newError().message("%s", e.getMessage()).build());
    }
  }

  private static DataFetcherExceptionHandlerResult failure(
      DataFetcherExceptionHandlerParameters parameters) {
    Throwable cause = parameters.getException();
    String message = String.valueOf(cause.getMessage());
    if (!(cause instanceof SelvedgeException)) {
      LOG.error("a query failed", cause);
      message = "internal error; the log of the server has the stack trace";
    }
    return DataFetcherExceptionHandlerResult.newResult(
            GraphqlErrorBuilder.newError()
                .message("%s", message)
                .path(parameters.getPath())
                .location(parameters.getSourceLocation())
                .build())
        .build();
  }

  @Override
  public Map<String, Object> execute(Question question, Caller caller, Selection.Growth growth) {
    var viewer =
        new AccountFetcher.Viewer(
            caller, new Visibility(caller, namespaces), new AtomicInteger(), growth);
    ExecutionInput input =
        ExecutionInput.newExecutionInput(question.query())
            .operationName(question.operation().isEmpty() ? null : question.operation())
            .variables(question.variables())
            .graphQLContext(Map.of(AccountFetcher.Viewer.class, viewer))
            .locale(Locale.ROOT)
            .build();
    ExecutionResult result = graphql.execute(input);
    return result.toSpecification();
  }
}
