package selvedge.spring;

import java.util.function.UnaryOperator;
import selvedge.client.ClientOptions;

/**
 * Changes the options of the client that the configuration describes. Every bean of this type is
 * called once, in Spring's order, before the client is created. Use it for what no property has,
 * such as a source of rotated tokens or an HTTP proxy.
 */
@FunctionalInterface
public interface SelvedgeClientCustomizer extends UnaryOperator<ClientOptions> {}
