package selvedge.engine.work;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what changes a store. Only the writer of the store may call it, or a method that is itself
 * marked; on a type, this holds for all of its methods.
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface WriterOnly {}
